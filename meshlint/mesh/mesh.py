"""`Mesh`: all resources of the input, and the way to every question about them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from meshlint.mesh.context import Context, Entry, Origin
from meshlint.model.base import Resource

R = TypeVar("R", bound=Resource)


class Mesh:
    """The typed object graph. Indexes are built on first use, once; nothing in it ever changes."""

    def __init__(self, entries: Iterable[Entry], context: Context | None = None) -> None:
        self.context = context or Context()
        self.entries = tuple(entries)
        self._by_type: dict[type[Resource], list[Resource]] = {}
        self._origins: dict[Resource, Origin] = {}
        for entry in self.entries:
            self._by_type.setdefault(type(entry.resource), []).append(entry.resource)
            self._origins[entry.resource] = entry.origin
        self.unknown: Counter[str] = Counter()
        """How often a reference could not be judged from these files, by kind of reference."""

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every resource of a kind, in the order of the input."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    def origin(self, resource: Resource) -> Origin:
        """Where a resource was written."""
        return self._origins[resource]

    def namespace(self, resource: Resource) -> str:
        """The namespace a resource lives in: its own, or the one of `--namespace`."""
        return resource.namespace or self.context.namespace
