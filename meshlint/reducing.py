"""The reduce step: rules that look at the whole mesh, here or in several processes where that pays.

The processes are forked from this one, so that the mesh is never sent anywhere: what each finds in its
share of the resources is. A share is judged here first: it imports what the rules need and builds the
indexes that all of them ask.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property

import msgspec

from meshlint.findings import Result
from meshlint.mesh.context import Entry
from meshlint.mesh.mesh import Mesh
from meshlint.model.base import TOGETHER, Resource
from meshlint.results import Resolver, lost
from meshlint.ruleset import RuleSet

_SHARED = 4_000
"""Resources from which other processes save more time than they cost."""
_ALONE = 400
"""Resources that are judged before forking (but a tenth at most)."""
_SLICE = 200
"""Resources that are lost together at most, should a process die of one of them."""
_CHUNK = 10
"""Slices that a process is given at once, at most."""
_MESH = -1
"""Among the numbers of slices: the mesh itself."""


class _Part(msgspec.Struct, frozen=True):
    """What one process found in a slice: results, and the references it could not judge, each with the number of its entry."""

    results: list[Result]
    unknown: list[tuple[str, str, str, int]]


def reduce(mesh: Mesh, rules: RuleSet, jobs: int | None = 1) -> list[Result]:
    """Every result of the rules that look at the mesh: of each resource in turn, then of the mesh itself.

    `jobs` are the processes; None for as many as pay.
    """
    entries = list(mesh.judged)
    resolver = Resolver(mesh.origin, lambda _: (None, 0))
    if jobs == 1 or (jobs is None and len(entries) < _SHARED):
        return [*_of_entries(entries, rules, resolver), *_of_mesh(mesh, rules, resolver)]
    from meshlint.processes import FORK, Pool, start_method, workers

    count = workers(jobs)
    if count == 1 or start_method() != FORK:
        return reduce(mesh, rules)
    alone = min(_ALONE, len(entries) // 10)
    results = _of_entries(entries[:alone], rules, resolver)
    width = min(_SLICE, len(entries) // (count * 8) + 1)
    slices = [entries[at : at + width] for at in range(alone, len(entries), width)]
    size = min(_CHUNK, len(slices) // (count * 4) + 1)
    chunks = [range(at, min(at + size, len(slices))) for at in range(0, len(slices), size)]
    work = _Reducing(mesh, rules, resolver, slices)
    # The mesh itself comes first, as it may take longest.
    found = dict(Pool(work, FORK).run([[_MESH], *chunks], count))
    for number in (*range(len(slices)), _MESH):
        results += found[number]
    return results


def _of_entries(entries: Sequence[Entry], rules: RuleSet, resolver: Resolver) -> list[Result]:
    """The results of each entry in turn."""
    results: list[Result] = []
    for start in range(0, len(entries), TOGETHER):
        together = [entry.resource for entry in entries[start : start + TOGETHER]]
        for _, found in resolver.run_together(rules.over_mesh, together):
            results += found
    return results


def _of_mesh(mesh: Mesh, rules: RuleSet, resolver: Resolver) -> list[Result]:
    return resolver.run(rules.over_mesh(Mesh), mesh)


class _Reducing:
    """Judging slices of the resources by their number, as work that other processes do."""

    def __init__(self, mesh: Mesh, rules: RuleSet, resolver: Resolver, slices: Sequence[Sequence[Entry]]) -> None:
        self._mesh = mesh
        self._rules = rules
        self._resolver = resolver
        self._slices = slices

    def begin(self) -> None:
        """There is nothing to prepare."""

    @cached_property
    def _places(self) -> dict[Resource, int]:
        """The numbers of entries by their resources, which have no names that another process would know."""
        return {entry.resource: place for place, entry in enumerate(self._mesh.entries)}

    def do(self, numbers: Sequence[int]) -> list[bytes | None]:
        return [self._packed(number) for number in numbers]

    def _packed(self, number: int) -> bytes | None:
        from meshlint.wire import UNPACKABLE

        trust = self._mesh.trust
        trust.counted.clear()
        results = self._judge(number)
        unknown = [(kind, namespace, name, self._places[owner]) for kind, namespace, name, owner in trust.counted]
        try:
            return msgspec.msgpack.encode(_Part(results, unknown))
        except UNPACKABLE:
            return None

    def take(self, number: int, answer: bytes | None) -> tuple[int, list[Result]]:
        from meshlint.wire import UNPACKABLE

        with suppress(*UNPACKABLE):
            if answer is not None:
                part = msgspec.msgpack.decode(answer, type=_Part)
                for kind, namespace, name, place in part.unknown:
                    self._mesh.trust.count((kind, namespace, name, self._mesh.entries[place].resource))
                return number, part.results
        return number, self._judge(number)

    def lose(self, number: int, end: str) -> tuple[int, list[Result]]:
        what = "the mesh"
        if number != _MESH:
            first = self._slices[number][0]
            named = f"{first.resource.kind} {first.resource.name} of {first.origin.path}"
            what = f"{len(self._slices[number])} resources, from {named} on"
        return number, [lost(f"a process {end} while it judged {what}: what that would have found is missing")]

    def _judge(self, number: int) -> list[Result]:
        if number == _MESH:
            return _of_mesh(self._mesh, self._rules, self._resolver)
        return _of_entries(self._slices[number], self._rules, self._resolver)
