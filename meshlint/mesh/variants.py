"""Which sources of the input are alternatives of each other.

Sources (files, or fences of a Markdown file) that hold the same resource hold variants of it: only
one of them is applied at a time, and what comes along with one does not meet what comes along with
the other. The same goes for folders: `overlays/prod` and `overlays/test` are alternatives if some
resource is in both, wherever below them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.model.kinds import group_of

if TYPE_CHECKING:
    from meshlint.mesh.context import Origin
    from meshlint.mesh.mesh import Mesh

Branch = tuple[str | int, ...]
"""The way from the root of the input to a source: its folders, its file, its number."""

_NONE: frozenset[int] = frozenset()


class Variants:
    """Tells alternatives apart from what is meant to exist together."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._known: dict[tuple[Branch, Branch], bool] = {}
        self._homes: dict[int, Branch] = {}

    def are_alternatives(self, one: Origin, other: Origin) -> bool:
        """Whether two sources, or the folders in which their paths part, hold variants of anything."""
        if one.source == other.source:
            return False
        branches = _parting(_branch(one), _branch(other))
        if branches not in self._known:
            first, second = branches
            self._known[branches] = not self._held.get(first, _NONE).isdisjoint(self._held.get(second, _NONE))
        return self._known[branches]

    def home(self, origin: Origin) -> Branch:
        """The largest folder around a source (or the source itself) that holds nothing twice.

        Of a collection (examples, steps of a guide) only some is applied at a time, so that what it
        holds elsewhere says nothing of a resource in it.
        """
        if origin.source not in self._homes:
            branch = _branch(origin)
            while branch and branch[:-1] not in self._mixed:
                branch = branch[:-1]
            self._homes[origin.source] = branch
        return self._homes[origin.source]

    @cached_property
    def _mixed(self) -> set[Branch]:
        """The folders that hold a resource more than once, in different sources."""
        mixed: set[Branch] = set()
        for branches in self._twice:
            reached: set[Branch] = set()
            for branch in branches:
                for length in range(len(branch)):
                    folder = branch[:length]
                    if folder in reached:
                        mixed.add(folder)
                    reached.add(folder)
        return mixed

    @cached_property
    def _held(self) -> dict[Branch, set[int]]:
        """By source and by folder, the numbers of the resources held there that have variants."""
        held: dict[Branch, set[int]] = {}
        for number, branches in enumerate(self._twice):
            for branch in branches:
                for length in range(1, len(branch) + 1):
                    held.setdefault(branch[:length], set()).add(number)
        return held

    @cached_property
    def _twice(self) -> list[set[Branch]]:
        """The sources of each resource that several sources hold."""
        sources: dict[tuple[str, str, str, str], set[Branch]] = {}
        for entry in self._mesh.entries:
            resource = entry.resource
            if not resource.name:
                continue
            group = group_of(resource.api_version)
            for namespace, name in self._mesh.identities(resource):
                sources.setdefault((group, resource.kind, namespace, name), set()).add(_branch(entry.origin))
        return [found for found in sources.values() if len(found) > 1]


def _branch(origin: Origin) -> Branch:
    return (*origin.path.split("/"), origin.source)


def _parting(one: Branch, other: Branch) -> tuple[Branch, Branch]:
    """The two longest ways that are still different at their end only."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[: length + 1], other[: length + 1]
