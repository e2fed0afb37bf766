"""Which results stand: one cause, one finding; what a run is asked for; what holds for single paths."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from meshlint.findings import Path, Result, Severity
from meshlint.registry import Meta
from meshlint.selection import Selection

_Key = tuple[int, int, Path]


def settle(results: Iterable[Result], rules: dict[str, Meta]) -> list[Result]:
    """Drop what another finding of the same resource explains better.

    A rule covers another (`covers=`) where the covered finding's place equals, contains or lies in
    its own; a schema problem covers whatever else is said at or below its place. Only rules that
    run can cover, so leaving the covering rule out brings the covered one back.
    """
    by_resource: dict[_Key, list[Result]] = {}
    for result in results:
        spot = result.spot
        by_resource.setdefault((spot.source, spot.document, spot.path[: result.prefix]), []).append(result)
    return [result for group in by_resource.values() for result in _standing(group, rules)]


class PathRule(msgspec.Struct, frozen=True):
    """What is different for the files that `matches` says yes to, by their path as reported.

    `ignored` are codes of rules that say nothing there; with codes of other tools only the findings
    that carry one of these are left out.
    """

    matches: Callable[[str], bool]
    ignored: Mapping[str, tuple[str, ...] | None] = {}
    severities: Mapping[str, Severity] = {}

    def ignores(self, result: Result) -> bool:
        """Whether a finding in such a file is left out."""
        if result.rule not in self.ignored:
            return False
        peers = self.ignored[result.rule]
        return peers is None or any(code.startswith(peers) for code in result.equivalents)


class Wanted(msgspec.Struct, frozen=True):
    """What a run is asked for.

    `path` gives the path of a source; findings are reported in the first `own` sources, the others are
    context. `only` are paths of which a finding must have its place or a related one in one.
    """

    selection: Selection
    path: Callable[[int], str]
    own: int
    per_path: tuple[PathRule, ...] = ()
    only: frozenset[str] | None = None

    def of(self, results: Iterable[Result]) -> list[Result]:
        """The results that were asked for, with the severity that holds at their path."""
        wanted = [result for result in results if self._is_wanted(result)]
        return [self._at_path(result) for result in wanted] if self.per_path else wanted

    def _is_wanted(self, result: Result) -> bool:
        source = result.spot.source
        if not self.selection.keeps(result.rule, result.equivalents):
            return False
        if source < 0:
            return True
        if source >= self.own or not self._touches(result):
            return False
        return not any(rule.ignores(result) and rule.matches(self.path(source)) for rule in self.per_path)

    def _touches(self, result: Result) -> bool:
        if self.only is None:
            return True
        spots = (result.spot, *(end.spot for end in result.related))
        return any(spot.source >= 0 and self.path(spot.source) in self.only for spot in spots)

    def _at_path(self, result: Result) -> Result:
        path = self.path(result.spot.source) if result.spot.source >= 0 else ""
        for rule in reversed(self.per_path):
            if path and result.rule in rule.severities and rule.matches(path):
                return msgspec.structs.replace(result, severity=rule.severities[result.rule])
        return result


def _standing(group: list[Result], rules: dict[str, Meta]) -> list[Result]:
    if len(group) == 1:
        return group
    hidden = {path for result in group for path in result.hides}
    covering: dict[str, list[Path]] = {}
    for result in group:
        meta = rules.get(result.rule)
        for code in meta.covers if meta else ():
            covering.setdefault(code, []).append(_path(result))
    if not hidden and not covering:
        return group
    return [
        result
        for result in group
        if not _is_hidden(result, hidden) and not any(_nested(_path(result), p) for p in covering.get(result.rule, ()))
    ]


def _path(result: Result) -> Path:
    return result.spot.path + (result.spot.inner or ())


def _is_hidden(result: Result, hidden: set[Path]) -> bool:
    """Whether a schema problem stands at the place of a finding or above it (problems hide none of their own kind)."""
    path = _path(result)
    return not result.hides and any(path[:steps] in hidden for steps in range(result.prefix, len(path) + 1))


def _nested(one: Path, other: Path) -> bool:
    """Whether one path equals, contains or lies in the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
