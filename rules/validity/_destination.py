"""A destination of a route, wherever it stands: reference rows dest-*, weight-*, route-*."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.values.addresses import is_ip
from meshlint.values.hosts import label, wild_domain
from meshlint.values.numbers import port

from ._frame import Faults, fault

if TYPE_CHECKING:
    from meshlint.model.networking.common import Destination
    from meshlint.model.networking.virtual_service import HTTPRouteDestination, RouteDestination

_HOST_HELP = "write a service such as `reviews.shop.svc.cluster.local`; an address needs a ServiceEntry with a name"


def destination(given: Destination) -> Faults:
    """All rows of a destination."""
    if not is_fine(given):
        yield from dest_host(given)
        if given.subset:
            yield from dest_subset(given)
        if given.port is not None:
            yield from dest_port(given)


def is_fine(given: Destination) -> bool:
    """Whether there is nothing to say of a destination, as of nearly all: a look-up of each text."""
    return not (
        given.host == "*"
        or wild_domain(given.host or "")
        or (given.subset and label(given.subset))
        or (given.port is not None and port(given.port.number or 0))
    )


def dest_host(given: Destination) -> Faults:
    """The host: rows dest-host, dest-host-star."""
    host = given.host or ""
    reason = "it stands for every host, and no service is meant" if host == "*" else host_reason(host)
    if reason:
        what = f"destination host `{host}`" if host else "a destination without host"
        yield fault(given, "host", what=what, why=reason, help=_HOST_HELP)


def host_reason(host: str) -> str | None:
    """Why a text is no host of a service, maybe with a wildcard; an address has a reason of its own."""
    reason = wild_domain(host)
    return "it is an address, not a host" if reason and is_ip(host) else reason


def dest_subset(given: Destination) -> Faults:
    """The name of a subset."""
    reason = label(given.subset or "")
    if reason:
        yield fault(
            given,
            "subset",
            what=f"subset `{given.subset}`",
            why=reason,
            help="name a subset of a DestinationRule, such as `v1`",
        )


def dest_port(given: Destination) -> Faults:
    """The number of a port."""
    number = (given.port and given.port.number) or 0
    reason = port(number)
    if reason:
        yield fault(
            given,
            "port",
            "number",
            what=f"destination port {number}",
            why=reason,
            help="write the `port` of the Service as a number, or leave `port` out if it has one only",
        )


def weighted(route: object, given: Sequence[HTTPRouteDestination | RouteDestination]) -> Faults:
    """The destinations of one route and their weights, headers apart."""
    for item in given:
        if item.destination is None:
            yield from route_destination(item)
        elif not is_fine(item.destination):
            yield from destination(item.destination)
        if item.weight is not None and item.weight < 0:
            yield from weight_negative(item)
    if len(given) > 1 and all((item.weight or 0) >= 0 for item in given):
        yield from weight_total_zero(route, given)


def route_destination(item: HTTPRouteDestination | RouteDestination) -> Faults:
    """An entry of `route` that goes nowhere."""
    yield fault(
        item,
        "destination",
        what="an entry of `route` without `destination`",
        why="it goes nowhere",
        help="add `destination: {host: ...}`",
    )


def weight_negative(item: HTTPRouteDestination | RouteDestination) -> Faults:
    """A weight below 0."""
    yield fault(item, "weight", what=f"weight {item.weight}", why="it is negative", help="write 0 or more, such as 50")


def weight_total_zero(route: object, given: Sequence[HTTPRouteDestination | RouteDestination]) -> Faults:
    """Two or more destinations whose weights add to 0; an absent weight counts 0."""
    if sum(item.weight or 0 for item in given) == 0:
        yield fault(
            route,
            "route",
            what="destinations whose weights add to 0",
            why="no request would go anywhere",
            help="give each destination its `weight`, such as 50",
        )
