"""Which routes and matches of a VirtualService are reached at all.

In a root that is merged with its delegates one route of a delegate may stand several times: it is not
reached where none of its copies is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.api import Place, VirtualService, at
from meshlint.mesh.matching import ANY_GATEWAY, Earlier, Match, takes_everything
from meshlint.model.base import TOGETHER
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute

if TYPE_CHECKING:
    from meshlint.mesh.merged import Merged


class Hidden(msgspec.Struct, frozen=True, eq=False):
    """A match (None: a route without any) that an earlier one takes."""

    match: Any
    by: Any
    """The earlier match, None for a route without matches."""
    by_route: Any
    why: str


class Reach(msgspec.Struct, frozen=True, eq=False):
    """A route with those of its matches that have no effect."""

    protocol: str
    route: Any
    ordinal: int
    name: str | None
    hidden: tuple[Hidden, ...]
    is_dead: bool


@lru_cache(maxsize=TOGETHER)
def routes(virtual_service: VirtualService) -> tuple[Reach, ...]:
    """Every route that is not reached, or has a match without effect."""
    spec = virtual_service.spec
    if spec is None:
        return ()
    gateways = spec.gateways or ANY_GATEWAY
    lists: tuple[tuple[str, Sequence[Any] | None], ...] = (("HTTP", spec.http), ("TLS", spec.tls), ("TCP", spec.tcp))
    found: list[Reach] = []
    for protocol, group in lists:
        if group:
            found += reached(protocol, group, gateways)
    merged = as_merged(virtual_service)
    return tuple(_of_copies(merged, found) if merged else found)


def as_merged(virtual_service: VirtualService) -> "Merged | None":
    """The same, if delegates are merged into it. What merges is imported only where something was merged."""
    if type(virtual_service) is VirtualService:
        return None
    from meshlint.mesh.merged import Merged

    return virtual_service if isinstance(virtual_service, Merged) else None


def written_together(virtual_service: VirtualService, one: Any, other: Any) -> bool:
    """Whether two routes are of one file's VirtualService, so that it alone shows what one is to the other."""
    merged = as_merged(virtual_service)
    return merged is None or merged.owner(one) is merged.owner(other)


def _of_copies(merged: "Merged", found: Sequence[Reach]) -> Iterator[Reach]:
    """What holds of a route or a match in all of its copies: once for each as it is written."""
    copies = Counter(id(merged.route_written(route)) for route in merged.http)
    dead = Counter(id(merged.route_written(reach.route)) for reach in found if reach.is_dead)
    matches = Counter(id(merged.match_written(match)) for route in merged.http for match in route.match or ())
    hidden = Counter(id(merged.match_written(item.match)) for reach in found for item in reach.hidden if item.match)
    for reach in found:
        route = merged.route_written(reach.route)
        if dead[id(route)] == max(copies[id(route)], 1):
            dead[id(route)] = -1  # said once
            yield reach
        elif not reach.is_dead:
            whole = tuple(
                item
                for item in reach.hidden
                if hidden[id(merged.match_written(item.match))] == matches[id(merged.match_written(item.match))]
            )
            if whole:
                yield msgspec.structs.replace(reach, hidden=whole)


def where(virtual_service: VirtualService, match: Any, route: Any) -> Place:
    """The place of a match, or of its route if that has none: of a delegate's route by what the delegate writes."""
    merged = as_merged(virtual_service)
    if merged and id(route) in merged.served:
        own = merged.route_written(route)
        match = merged.match_written(match) if own.match else None
    return at(virtual_service, *place(match, route))


def place(match: Any, route: Any) -> tuple[Any, ...]:
    """Where to point: at the condition a match begins with, or at the route without matches."""
    if match is None:
        return (route, "route") if getattr(route, "route", None) else (route,)
    if isinstance(match, HTTPMatchRequest) and match.uri is not None:
        kind = "exact" if match.uri.exact else "prefix" if match.uri.prefix else "regex"
        return (match.uri, kind)
    return (match,)


def reached(
    protocol: str, group: Sequence[Any], gateways: Sequence[str], numbers: Sequence[int] | None = None
) -> Iterator[Reach]:
    """Every route of a list, in its order, that is not reached, or has a match without effect.

    `numbers` are what the routes are called by, where that is not their place in the list.
    """
    if protocol == "HTTP" and _are_apart(group):
        return
    called = numbers or range(1, len(group) + 1)
    earlier = Earlier(gateways)
    everything: tuple[Any, Any, str] | None = None
    for number, route in enumerate(group):
        matches = route.match or ()
        if everything is None:
            hidden = _hidden(matches, group, earlier, number, called)
        else:
            hidden = [Hidden(item, *everything) for item in matches or (None,)]
        if hidden:
            is_dead = len(hidden) == max(len(matches), 1) and all(item.by_route is not route for item in hidden)
            yield Reach(protocol, route, called[number], getattr(route, "name", None), tuple(hidden), is_dead)
        if everything is None and not getattr(route, "delegate", None):
            everything = _catch_all(route, matches, called[number])


def _are_apart(routes: Sequence[HTTPRoute]) -> bool:
    """Whether plainly no match takes requests of another, as in most lists: each asks for a path of its own.

    In sorted order, a path that others begin with is followed by one of them. The last may be wider
    than those before it. A route without matches stands for every path.
    """
    paths: list[str] = []
    for route in routes:
        if not route.match:
            paths.append("/")
            continue
        for match in route.match:
            uri = match.uri
            path = "" if uri is None or uri.regex or match.ignore_uri_case else uri.exact or uri.prefix or ""
            if path[:1] != "/":
                return False
            paths.append(path)
    last = paths.pop() if paths else ""
    if last.startswith(tuple(paths)):
        return False
    paths.sort()
    return not any(map(str.startswith, paths[1:], paths))


def _hidden(
    matches: Sequence[Match], group: Sequence[Any], earlier: Earlier, number: int, called: Sequence[int]
) -> list[Hidden]:
    """The matches of a route that earlier ones take; all of them are remembered for the routes that follow."""
    hidden = []
    is_delegated = getattr(group[number], "delegate", None) is not None
    for item in matches:
        found = earlier.covering(item)
        if found is not None:
            wide, by = found
            hidden.append(Hidden(item, wide, group[by], _sentence(number, by, called)))
        if not is_delegated:
            earlier.add(item, number)
    return hidden


def _sentence(number: int, by: int, called: Sequence[int]) -> str:
    return (
        "another match of the same route takes all of its requests"
        if by == number
        else (f"a match of route {called[by]} takes all of its requests")
    )


def _catch_all(route: Any, matches: Sequence[Any], number: int) -> tuple[Any, Any, str] | None:
    """A route that leaves nothing for those behind it."""
    if not matches:
        return None, route, f"route {number} has no `match` and takes every request"
    for match in matches:
        if isinstance(match, HTTPMatchRequest) and takes_everything(match):
            return match, route, f"a match of route {number} takes every request"
    return None


def is_duplicate(match: Any, other: Any) -> bool:
    """Whether two matches say the same, but for their names."""
    return _asked(match) == _asked(other)


def istioctl_sees(hidden: Hidden) -> bool:
    """Whether `istioctl` says so too: it knows duplicates, routes without `match`, and prefixes of prefixes."""
    if hidden.by is None or is_duplicate(hidden.match, hidden.by):
        return True
    uris = [getattr(match, "uri", None) for match in (hidden.match, hidden.by)]
    return all(uri is not None and uri.prefix for uri in uris)


def _asked(match: Any) -> dict[str, Any]:
    return {key: value for key, value in msgspec.to_builtins(match).items() if key != "name"} if match else {}
