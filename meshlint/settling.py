"""Which results stand: one cause, one finding."""

from collections.abc import Iterable

from meshlint.findings import Path, Result
from meshlint.registry import Meta

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
    return result.spot.path if result.spot.inner is None else result.spot.path + result.spot.inner


def _is_hidden(result: Result, hidden: set[Path]) -> bool:
    """Whether a schema problem stands at the place of a finding or above it (problems hide none of their own kind)."""
    path = result.spot.path
    return not result.hides and any(path[:steps] in hidden for steps in range(result.prefix, len(path) + 1))


def _nested(one: Path, other: Path) -> bool:
    """Whether one path equals, contains or lies in the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
