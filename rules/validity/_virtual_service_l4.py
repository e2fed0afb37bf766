"""TLS and TCP routes of a VirtualService: reference rows tls-*, tcp-*, l4-*."""

from collections.abc import Callable

from meshlint.model.networking.virtual_service import (
    L4MatchAttributes,
    TCPRoute,
    TLSMatchAttributes,
    TLSRoute,
    VirtualServiceSpec,
)
from meshlint.values.addresses import is_ip, subnet
from meshlint.values.hosts import sni, wild_domain
from meshlint.values.numbers import port

from ._destination import weighted
from ._frame import Faults, fault, labels
from ._gateway_names import gateway_names


def tls_route(route: TLSRoute, spec: VirtualServiceSpec, is_covered: Callable[[str], bool]) -> Faults:
    """All rows of a TLS route; `is_covered` says whether an SNI lies within a host of the VirtualService."""
    if not route.match:
        yield fault(
            route,
            "match",
            what="a TLS route without `match`",
            why="it has to say which SNI it is for",
            help="add `match: [{sniHosts: [...]}]`",
        )
    for match in route.match or ():
        yield from tls_sni(match, spec, is_covered)
        yield from l4_match(match)
    if not route.route:
        yield fault(
            route,
            "route",
            what="a TLS route without `route`",
            why="it leads nowhere",
            help="add `route` with a destination",
        )
    else:
        yield from weighted(route, route.route)


def tls_sni(match: TLSMatchAttributes, spec: VirtualServiceSpec, is_covered: Callable[[str], bool]) -> Faults:
    """Rows tls-sni-required, tls-sni-format, tls-sni-subset."""
    if not match.sni_hosts:
        yield fault(
            match,
            "sni_hosts",
            what="a TLS match without `sniHosts`",
            why="connections are told apart by their SNI",
            help="list hosts of the VirtualService in `sniHosts`",
        )
    form = wild_domain if "mesh" in (spec.gateways or ()) else sni
    for index, host in enumerate(match.sni_hosts or ()):
        reason = form(host)
        if reason and is_ip(host):
            continue  # an address is only worth a warning, see ML221
        if reason:
            yield fault(
                match,
                "sni_hosts",
                index,
                what=f"SNI `{host}`",
                why=reason,
                help="write a host name, which may begin with `*.`",
            )
        elif not is_covered(host):
            yield fault(
                match,
                "sni_hosts",
                index,
                what=f"SNI `{host}`",
                why="no entry of `hosts` covers it",
                help="list the same name in `hosts`, or a wildcard that covers it",
            )


def tcp_route(route: TCPRoute) -> Faults:
    """All rows of a TCP route."""
    for match in route.match or ():
        yield from l4_match(match)
    if not route.route:
        yield fault(
            route,
            "route",
            what="a TCP route without `route`",
            why="it leads nowhere",
            help="add `route` with a destination",
        )
    else:
        yield from weighted(route, route.route)


def l4_match(match: TLSMatchAttributes | L4MatchAttributes) -> Faults:
    """Rows l4-subnet, l4-port, l4-source-labels, l4-gateways."""
    for index, text in enumerate(match.destination_subnets or ()):
        reason = subnet(text)
        if reason:
            yield fault(
                match,
                "destination_subnets",
                index,
                what=f"subnet `{text}`",
                why=reason,
                help="write an address, or a range such as `10.0.0.0/8`",
            )
    if match.port and port(match.port):
        yield fault(
            match,
            "port",
            what=f"port {match.port}",
            why="a port is a number from 1 to 65535",
            help="write a port of the host, such as 443",
        )
    yield from labels(match, "source_labels", match.source_labels)
    if match.gateways:
        yield from gateway_names(match, match.gateways)
