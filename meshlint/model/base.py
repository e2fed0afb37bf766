"""The base of every typed message, and what all resources have in common.

Structs are frozen, compare by identity (`eq=False`: two equal destinations stay two) and are not
tracked by the garbage collector. `None` is the only default: an absent field is None, an empty one
is an empty struct or tuple, and that difference means something in Istio.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

UNCONVERTIBLE = (msgspec.ValidationError, ValueError, OverflowError, RecursionError)
"""What `msgspec.convert` raises: for a wrong type, a lone surrogate, a number beyond a float, deep nesting."""

TOGETHER = 1_000
"""Resources that each rule goes over before the next one does: as many as the caches of a processor hold.
What several rules ask of a resource is remembered for so many."""


class Message(msgspec.Struct, frozen=True, eq=False, gc=False, omit_defaults=True, rename="camel"):
    """Base of every message; a field `per_try_timeout` is `perTryTimeout` in YAML."""


class OwnerReference(Message, frozen=True):
    """The controller that made this object."""

    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    controller: bool | None = None


class ObjectMeta(Message, frozen=True):
    """Kubernetes metadata, as far as a mesh cares."""

    name: str | None = None
    generate_name: str | None = None
    namespace: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    creation_timestamp: str | None = None
    owner_references: tuple[OwnerReference, ...] | None = None


_NOTHING: Mapping[str, str] = {}


class Resource(Message, frozen=True):
    """Any Kubernetes object. Kinds are subclasses with a `spec`."""

    document_path: ClassVar[tuple[str, ...]] = ()
    """The way to the field that stands for the whole document, where the text has no keys of these names."""

    api_version: str
    kind: str
    metadata: ObjectMeta | None = None

    @property
    def name(self) -> str:
        """The name as written, or `""`."""
        return self.metadata.name or "" if self.metadata else ""

    @property
    def namespace(self) -> str | None:
        """The namespace as written; `Mesh.namespace(resource)` gives the one it lives in."""
        return self.metadata.namespace if self.metadata else None

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the object itself (not those of a pod template)."""
        return self.metadata.labels or _NOTHING if self.metadata else _NOTHING

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of the object itself (not those of a pod template)."""
        return self.metadata.annotations or _NOTHING if self.metadata else _NOTHING


class Opaque(Resource, frozen=True):
    """A resource of a known kind whose content does not convert.

    Its identity and labels stay, so that references to it resolve. No rule runs on its content,
    and every question about its content answers *unknown*.
    """


class Generic(Resource, frozen=True):
    """A resource of a kind that meshlint has no model of. `content` is the whole document."""

    document_path: ClassVar[tuple[str, ...]] = ("content",)

    content: Any = None
