"""The annotations and labels of a resource, and those of the pods it makes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from meshlint.api import Place, Resource, at
from meshlint.model.annotations import concerns_istio
from meshlint.model.base import TOGETHER, ObjectMeta


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
    others: Mapping[str, str]
    """The keys of the other form in the same place."""

    @property
    def is_template(self) -> bool:
        """Whether these are keys that the pods of a controller get."""
        return self.holder is not self.resource

    @property
    def given(self) -> Mapping[str, str]:
        """All annotations and labels that the pods get, where `holder` is their controller."""
        template = None if self.is_template else _template(self.resource)
        return {**template.annotations, **template.labels} if template else _NOTHING

    def at(self, key: str) -> Place:
        """The place of one key."""
        return self.value_at(key).key()

    def value_at(self, key: str) -> Place:
        """The place of the value of one key."""
        holder = self.holder if self.is_template else None
        return at(self.resource, holder, "metadata", self.form, key)


_NOTHING: Mapping[str, str] = {}


@lru_cache(maxsize=TOGETHER)
def keys_of(resource: Resource) -> tuple[Keys, ...]:
    """The annotations and the labels of a resource, then those of its pod template: each where some concern Istio."""
    found = _both(resource, resource, resource.kind)
    template = _template(resource)
    return found + _both(resource, template, "Pod") if template else found


def _template(resource: Resource) -> Any:
    """What a controller makes its pods from; None of other kinds, and of pods."""
    template = getattr(resource, "pod_template", None)
    return None if template is resource else template


def _both(resource: Resource, holder: Any, kind: str) -> tuple[Keys, ...]:
    """The annotations of one place, then its labels, each where some concern Istio."""
    metadata: ObjectMeta | None = holder.metadata
    if metadata is None:
        return ()
    annotations, labels = metadata.annotations or _NOTHING, metadata.labels or _NOTHING
    found: tuple[Keys, ...] = ()
    if annotations and any(map(concerns_istio, annotations)):
        found = (Keys(resource, holder, kind, "annotations", annotations, labels),)
    if labels and any(map(concerns_istio, labels)):
        found += (Keys(resource, holder, kind, "labels", labels, annotations),)
    return found
