"""An HTTP route of a VirtualService: reference rows http-*, and the way to those of its parts."""

from meshlint.api import Target
from meshlint.model.networking.virtual_service import HTTPRoute
from meshlint.values.durations import duration

from ._destination import destination, weighted
from ._frame import Faults, bad_duration, fault
from ._header_operations import authority_twice, header_operations
from ._virtual_service_actions import (
    direct_response,
    fault_injection,
    mirror_percent,
    mirrors,
    redirect,
    retries,
    rewrite,
)
from ._virtual_service_cors import cors
from ._virtual_service_match import match

_EXCLUDED = {
    "redirect": ("route", "fault", "rewrite", "direct_response"),
    "direct_response": ("route", "fault", "rewrite"),
}
_YAML = {
    "route": "route",
    "redirect": "redirect",
    "direct_response": "directResponse",
    "fault": "fault",
    "rewrite": "rewrite",
}


def http_route(route: HTTPRoute, is_delegate: bool, target: Target) -> Faults:
    """All rows of a route; `is_delegate` says that the VirtualService has no hosts."""
    if route.delegate is not None and not is_delegate:
        yield from http_root(route)
    else:
        if route.delegate is not None:
            yield from http_nested_delegate(route)
        if route.redirect is not None or route.direct_response is not None:
            yield from http_conflicts(route)
        elif not route.route:
            yield from http_no_action(route)
        if route.mirrors and route.mirror is not None:
            yield from http_mirror_mirrors(route)
    for given in route.match or ():
        yield from match(given, target)
    if route.route:
        yield from weighted(route, route.route)
        for item in route.route:
            if item.headers is not None:
                yield from header_operations(item.headers)
    if route.redirect is not None:
        yield from redirect(route, route.redirect)
    if route.direct_response is not None:
        yield from direct_response(route.direct_response)
    if route.rewrite is not None:
        yield from rewrite(route.rewrite)
    if route.timeout is not None and duration(route.timeout):
        yield from bad_duration(route, "timeout")  # row http-timeout: 0s, to switch it off, is refused too
    if route.retries is not None:
        yield from retries(route.retries, target)
    if route.fault is not None:
        yield from fault_injection(route.fault)
    if route.mirror is not None:
        yield from destination(route.mirror)  # row mirror-destination
    if route.mirrors:
        yield from mirrors(route.mirrors)
    if route.mirror_percent or route.mirror_percent_snake or route.mirror_percentage is not None:
        yield from mirror_percent(route)
    if route.cors_policy is not None:
        yield from cors(route.cors_policy, target)
    if route.headers is not None:
        yield from header_operations(route.headers)
        request = route.headers.request
        if request is not None and (request.add or route.rewrite is not None or len(request.set or ()) > 1):
            yield from authority_twice(route, request)


def http_root(route: HTTPRoute) -> Faults:
    """What a route with a delegate must not do itself: rows http-root-redirect, http-root-route."""
    for attribute in ("redirect", "route"):
        if getattr(route, attribute):
            yield fault(
                route,
                attribute,
                what=f"`{attribute}` beside `delegate`",
                why="the delegate holds the rest of the route",
                help=f"move `{attribute}` to the delegate, or remove `delegate`",
            )


def http_nested_delegate(route: HTTPRoute) -> Faults:
    """A delegate that delegates."""
    yield fault(
        route,
        "delegate",
        what="`delegate` in a VirtualService without `hosts`",
        why="that is a delegate itself, and there is one level only",
        help="add `hosts`, or write the routes of the delegate here",
    )


def http_conflicts(route: HTTPRoute) -> Faults:
    """Answers of the proxy beside what belongs to forwarding.

    Rows http-redirect-route, -fault, -rewrite, -direct and http-direct-route, -fault, -rewrite.
    """
    for answer, others in _EXCLUDED.items():
        if getattr(route, answer) is None:
            continue
        for other in others:
            value = getattr(route, other)
            if value or (value is not None and other != "route"):
                yield fault(
                    route,
                    other,
                    what=f"`{_YAML[answer]}` and `{_YAML[other]}` in one route",
                    why="a request is either forwarded or answered",
                    help="keep one of them; another route can hold the other",
                )
        return


def http_no_action(route: HTTPRoute) -> Faults:
    """A route that leads nowhere."""
    stray = "; if the next item is meant to be it, remove the `- ` that begins it" if route.match else ""
    yield fault(
        route,
        what="a route that leads nowhere",
        why="it has none of `route`, `redirect` and `directResponse`",
        help=f"add `route` with a destination, `redirect` or `directResponse`{stray}",
    )


def http_mirror_mirrors(route: HTTPRoute) -> Faults:
    """Two ways to say the same."""
    yield fault(
        route,
        "mirror",
        what="`mirror` and `mirrors` in one route",
        why="only one of them is read",
        help="move `mirror` into `mirrors`",
    )
