"""Which namespaces does a name or a pattern of a policy mean?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.context import Scope
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.references import EXISTS, UNKNOWN, Reference, found
from meshlint.mesh.trust import Sought, matches_any
from meshlint.model.kubernetes.namespace import Namespace

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource


class Namespaces:
    """Namespaces by name."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def resolve(self, pattern: str, resource: Resource) -> Reference:
        """Follow a namespace of a policy's source: a name, `prefix*`, `*suffix` or `*`; case does not count.

        NO needs a Namespace of the input that was probably meant; with `--scope complete` it is
        enough that none fits. A namespace that only holds resources of the input exists. Matched
        as `pilot/pkg/security/authz/matcher` does.
        """
        wanted = pattern.lower()
        if not wanted or matches_any(self._mesh.context.external.namespaces, pattern):
            return EXISTS if wanted else UNKNOWN
        manifests = self._fitting(wanted)
        if manifests:
            return found(*manifests)
        complete = self._mesh.context.scope is Scope.COMPLETE
        if not complete and ("*" in wanted or wanted in self._homes):
            return EXISTS  # a pattern may be for namespaces to come
        sought = Sought("Namespace", "", pattern, resource)
        return self._mesh.trust.judge(sought, lambda: None if "*" in wanted else self._names.of(wanted), lambda: False)

    def _fitting(self, wanted: str) -> Sequence[Namespace]:
        if "*" not in wanted:
            return self._by_name.get(wanted, ())
        if wanted.endswith("*"):
            name = _starting(self._sorted, wanted[:-1])
        else:
            backwards = _starting(self._reversed, wanted[:0:-1])
            name = backwards[::-1] if backwards is not None else None
        return self._by_name[name] if name is not None else ()

    @cached_property
    def _sorted(self) -> Sequence[str]:
        return sorted(self._by_name)

    @cached_property
    def _reversed(self) -> Sequence[str]:
        """The names read from the end, so that a suffix is a prefix."""
        return sorted(name[::-1] for name in self._by_name)

    @cached_property
    def _by_name(self) -> dict[str, list[Namespace]]:
        index: dict[str, list[Namespace]] = {}
        for namespace in self._mesh.all(Namespace):
            for name in {name for _, name in self._mesh.identities(namespace)}:
                index.setdefault(name.lower(), []).append(namespace)
        return index

    @cached_property
    def _homes(self) -> set[str]:
        """The namespaces that resources of the input live in."""
        return {name.lower() for entry in self._mesh.entries for name, _ in self._mesh.identities(entry.resource)}

    @cached_property
    def _names(self) -> Nearest:
        return Nearest(self._by_name)


def _starting(names: Sequence[str], prefix: str) -> str | None:
    """One of the sorted names that begins so."""
    index = bisect_left(names, prefix)
    return names[index] if index < len(names) and names[index].startswith(prefix) else None
