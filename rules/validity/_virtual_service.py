"""A VirtualService as a whole: reference rows vs-*, and the way to those of its routes."""

from collections.abc import Iterable

from meshlint.api import Target, VirtualService
from meshlint.mesh.gateway_names import MESH
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute, VirtualServiceSpec
from meshlint.values.addresses import is_ip
from meshlint.values.headers import is_claim_route
from meshlint.values.hosts import coverage, overlap, sni, wild_domain

from ._exports import export_to
from ._frame import Fault, Faults, fault, namespace_of
from ._gateway_names import gateway_names
from ._virtual_service_http import http_route
from ._virtual_service_l4 import tcp_route, tls_route


def virtual_service(given: VirtualService, target: Target) -> Faults:
    """All rows, in the order of the object."""
    spec = given.spec or VirtualServiceSpec()
    for_gateways_only = bool(spec.gateways) and MESH not in (spec.gateways or ())
    if not spec.hosts:
        yield from vs_delegate(spec)
    yield from vs_hosts(spec, for_gateways_only)
    if spec.gateways:
        yield from gateway_names(spec, spec.gateways)
    if not (spec.http or spec.tls or spec.tcp):
        yield from vs_no_routes(given)
    if not for_gateways_only:
        yield from vs_jwt_route_gateway(spec.http or ())
    for route in spec.http or ():
        yield from http_route(route, not spec.hosts, target)
    if spec.tls:
        is_covered = coverage(spec.hosts or ())
        for tls in spec.tls:
            yield from tls_route(tls, spec, is_covered)
    for tcp in spec.tcp or ():
        yield from tcp_route(tcp)
    if spec.export_to:
        yield from export_to(spec, spec.export_to, namespace_of(given))


def vs_delegate(spec: VirtualServiceSpec) -> Faults:
    """What a VirtualService without hosts must not have: rows vs-delegate-gateways, -tls, -tcp."""
    for attribute in ("gateways", "tls", "tcp"):
        if getattr(spec, attribute):
            yield fault(
                spec,
                attribute,
                what=f"`{attribute}` in a VirtualService without `hosts`",
                why="without hosts it is a delegate, which has only `http`",
                help=f"add `hosts`, or remove `{attribute}`",
            )


def vs_hosts(spec: VirtualServiceSpec, for_gateways_only: bool) -> Faults:
    """Rows vs-host-format, vs-host-star-mesh, and vs-host-duplicate where all hosts are valid."""
    form = sni if for_gateways_only and _has_sni(spec) else wild_domain
    hosts = spec.hosts or ()
    valid = True
    for index, host in enumerate(hosts):
        reason = form(host)
        if reason and not is_ip(host):
            valid = False
            yield fault(
                spec,
                "hosts",
                index,
                what=f"host `{host}`",
                why=reason,
                help="write a host such as `reviews.shop.svc.cluster.local` or `*.example.com`, without scheme, port and path",
            )
        elif host == "*" and not for_gateways_only:
            valid = False
            yield fault(
                spec,
                "hosts",
                index,
                what="host `*` for the sidecars of the mesh",
                why="it may only be bound to gateways",
                help="name gateways in `gateways` without `mesh`, or write the hosts",
            )
    if valid and len(hosts) > 1:
        yield from vs_host_duplicate(spec)


def vs_host_duplicate(spec: VirtualServiceSpec) -> Faults:
    """Two hosts of which one covers the other."""
    for index, first, second in overlap(spec.hosts or ()):
        yield fault(
            spec,
            "hosts",
            index,
            what=f"host `{second}`",
            why="it is there twice" if first == second else f"it overlaps with `{first}`",
            help="remove one of the two" if first == second else "keep the wider of the two",
        )


def vs_jwt_route_gateway(routes: Iterable[HTTPRoute]) -> Faults:
    """Claims of tokens in the headers of a match: only gateways can route by them."""
    for route in routes:
        for match in route.match or ():
            for name in match.headers or ():
                if is_claim_route(name):
                    yield _claim(match, "headers", name)
            for name in match.without_headers or ():
                if is_claim_route(name):
                    yield _claim(match, "without_headers", name)


def _claim(match: HTTPMatchRequest, attribute: str, name: str) -> Fault:
    return fault(
        match,
        attribute,
        name,
        what=f"claim `{name}` in a VirtualService for sidecars",
        why="only gateways can route by claims",
        help="name gateways in `gateways`, without `mesh`",
    )


def vs_no_routes(given: VirtualService) -> Faults:
    """Neither HTTP, nor TLS, nor TCP routes."""
    yield fault(
        given,
        "spec",
        "http",
        what="a VirtualService without routes",
        why="it has to have `http`, `tls` or `tcp`",
        help="add a route under `http`",
    )


def _has_sni(spec: VirtualServiceSpec) -> bool:
    return any(match.sni_hosts for route in spec.tls or () for match in route.match or ())
