"""What routes bring about only once delegates are merged into their roots, and what they then no longer do.

istiod serves a delegate's routes inside of each root that names it, with what they leave out taken from
there (`mesh/merged.py`). So the rules on routing and resilience judge each such root a second time, as it
is served. What only that shows is added, at the place where it is written; what a delegate seems to
do on its own, but does under no root, is dropped. See docs/adr/0011-delegates.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import msgspec

from meshlint.findings import Path, RelatedResult, Result, Spot, at
from meshlint.results import CRASHED, Resolver, identity, spot_of
from meshlint.ruleset import Bound, RuleSet

if TYPE_CHECKING:
    from meshlint.mesh.merged import Merged, Served
    from meshlint.mesh.mesh import Mesh

_TOPICS = ("routing", "resilience")
_NAMED = 3

_Key = tuple[str, Spot]
_RouteKey = tuple[int, int, Path]


class _Copies(msgspec.Struct, frozen=True, eq=False):
    """A route of a delegate: how each root serves it."""

    of: "list[tuple[Merged, Served]]"
    settled: bool
    """Whether these are surely all that the input holds."""

    def bear_out(self, givers: "AbstractSet[Merged]", *, everywhere: bool) -> bool:
        """Whether a finding in the route is one, given the merges that have it."""
        if not everywhere:
            return bool(givers)
        return self.settled and all(merged in givers for merged, _ in self.of)


def with_merges(results: list[Result], mesh: "Mesh", rules: RuleSet) -> list[Result]:
    """The results of the resources alone, and those of roots with their delegates; as given where there are none."""
    merges = mesh.delegates.merges
    if not merges:
        return results
    unknown = Counter(mesh.unknown)
    judging = _Judging(mesh, rules)
    settled = judging.settle(results, merges)
    mesh.unknown.clear()
    mesh.unknown.update(unknown)  # the resources alone have asked for the same references already
    return settled


class _Judging:
    """Judges merges, and weighs what comes of it against the results of the resources alone."""

    def __init__(self, mesh: "Mesh", rules: RuleSet) -> None:
        self._mesh = mesh
        self._rules = rules
        self._routes: dict[_RouteKey, _Copies] = {}
        self._givers: dict[_Key, set[Merged]] = {}

    def settle(self, alone: Iterable[Result], merges: "Sequence[Merged]") -> list[Result]:
        for merged in merges:
            self._place(merged)
        bounds = list(self._judging())
        everywhere = {bound.meta.code: bound.meta.everywhere for bound in bounds}
        resolver = Resolver(self._mesh.origin, lambda _: (None, 0))
        found: dict[_Key, Result] = {}
        for merged in merges:
            for result in resolver.run([_in_words(bound, merged) for bound in bounds], merged):
                key = (result.rule, result.spot)
                found.setdefault(key, result)
                self._givers.setdefault(key, set()).add(merged)
        kept = [result for result in alone if not self._is_refuted(result, everywhere)]
        known = {(result.rule, result.spot) for result in kept}
        return [*kept, *self._added([result for key, result in found.items() if key not in known], everywhere)]

    def _judging(self) -> Iterator[Bound]:
        from meshlint.model.networking.virtual_service import VirtualService

        for bound in (*self._rules.local(VirtualService), *self._rules.over_mesh(VirtualService)):
            if bound.meta.topic in _TOPICS:
                yield bound

    def _place(self, merged: "Merged") -> None:
        """Know the routes of delegates again by where they are written."""
        for served in merged.served.values():
            origin = self._mesh.origin(served.delegate)
            spot = spot_of(at(served.delegate, served.own), origin)
            key = (spot.source, spot.document, spot.path)
            copies = self._routes.get(key)
            if copies is None:
                copies = self._routes[key] = _Copies([], self._mesh.delegates.is_settled(served.delegate))
            copies.of.append((merged, served))

    def _copies(self, result: Result) -> _Copies | None:
        spot = result.spot
        return self._routes.get((spot.source, spot.document, spot.path[: result.prefix + 3]))

    def _is_refuted(self, result: Result, everywhere: dict[str, bool]) -> bool:
        """Whether a result of a delegate alone is none under the roots that serve the route."""
        copies = self._copies(result) if result.rule in everywhere else None
        if copies is None or not copies.settled:
            return False
        givers = self._givers.get((result.rule, result.spot), set())
        return not copies.bear_out(givers, everywhere=everywhere[result.rule])

    def _added(self, results: Iterable[Result], everywhere: dict[str, bool]) -> Iterator[Result]:
        for result in results:
            copies = self._copies(result)
            if copies is None or result.rule == CRASHED.code:
                yield result
                continue
            givers = self._givers[result.rule, result.spot]
            if copies.bear_out(givers, everywhere=everywhere[result.rule]):
                roots = {id(merged): (merged, served) for merged, served in copies.of if merged in givers}
                related = [self._root(*pair) for pair in list(roots.values())[:_NAMED]]
                yield msgspec.structs.replace(result, related=(*result.related, *related))

    def _root(self, merged: "Merged", served: "Served") -> RelatedResult:
        place = at(merged.root, served.through, "delegate").key()
        origin = self._mesh.origin(merged.root)
        return RelatedResult(
            spot_of(place, origin), "this root delegates to it", identity(merged.root), len(origin.prefix)
        )


def _in_words(bound: Bound, merged: "Merged") -> Bound:
    """A rule whose findings about a merge are placed where things are written."""
    return Bound(bound.meta, bound.severity, lambda subject: map(merged.in_words, bound.check(subject)))
