"""The annotations and labels of a resource, and those of the pods it makes."""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from meshlint.api import Place, Resource, at


class Keys(msgspec.Struct, frozen=True, eq=False):
    """The annotations or the labels in one place."""

    resource: Resource
    holder: object
    """The resource itself or its pod template."""
    kind: str
    """The kind that the keys are on; `Pod` for a template."""
    form: str
    """`annotations` or `labels`."""
    values: Mapping[str, str]
    given: Mapping[str, str]
    """All annotations and labels that the pods get, where `holder` is their controller."""
    others: Mapping[str, str]
    """The keys of the other form in the same place."""

    @property
    def is_template(self) -> bool:
        """Whether these are keys that the pods of a controller get."""
        return self.holder is not self.resource

    def at(self, key: str) -> Place:
        """The place of one key."""
        return self.value_at(key).key()

    def value_at(self, key: str) -> Place:
        """The place of the value of one key."""
        holder = self.holder if self.is_template else None
        return at(self.resource, holder, "metadata", self.form, key)


_NOTHING: Mapping[str, str] = {}


@lru_cache(maxsize=1)  # two rules look at one resource after another
def keys_of(resource: Resource) -> tuple[Keys, ...]:
    """The annotations and labels of a resource, then those of its pod template."""
    template = getattr(resource, "pod_template", None)
    if template is resource:
        template = None
    given = {**template.annotations, **template.labels} if template else _NOTHING
    found = _both(resource, resource, resource.kind, resource.annotations, resource.labels, given)
    if template:
        found += _both(resource, template, "Pod", template.annotations, template.labels, _NOTHING)
    return found


def _both(
    resource: Resource,
    holder: object,
    kind: str,
    annotations: Mapping[str, str],
    labels: Mapping[str, str],
    given: Mapping[str, str],
) -> tuple[Keys, ...]:
    """The annotations of one place, then its labels, where it has any."""
    found: tuple[Keys, ...] = ()
    if annotations:
        found = (Keys(resource, holder, kind, "annotations", annotations, given, labels),)
    if labels:
        found += (Keys(resource, holder, kind, "labels", labels, given, annotations),)
    return found
