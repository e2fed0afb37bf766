"""The annotations and labels of a resource, and those of the pods it makes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from meshlint.api import Place, Resource, at


class Keys(NamedTuple):
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
    pod_annotations, pod_labels = (template.annotations, template.labels) if template else (_NOTHING, _NOTHING)
    annotations, labels = resource.annotations, resource.labels
    given = {**pod_annotations, **pod_labels} if template else _NOTHING
    found = (
        Keys(resource, resource, resource.kind, "annotations", annotations, given, labels),
        Keys(resource, resource, resource.kind, "labels", labels, given, annotations),
        Keys(resource, template, "Pod", "annotations", pod_annotations, _NOTHING, pod_labels),
        Keys(resource, template, "Pod", "labels", pod_labels, _NOTHING, pod_annotations),
    )
    return tuple(keys for keys in found if keys.values)
