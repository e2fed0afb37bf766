"""Gateways that pass TLS through (R21): STRICT is nothing to them, but some keep to endpoints that take mTLS.

A gateway of PASSTHROUGH is a client like any other: the TLS that it passes on travels inside mesh mTLS.
With AUTO_PASSTHROUGH, the east-west gateway between networks, the mesh mTLS of clients itself is passed
on, and istiod gives such a gateway no endpoint that it would not send mTLS to (EndpointsWithMTLSFilter in
`pilot/pkg/xds/endpoints`): DestinationRule first, then sidecar and PeerAuthentication (`mtls_checker.go`).
That is so before STRICT too, and no file shows the clients of other networks: a warning, no blocker.
"""

from collections.abc import Iterator, Sequence

import msgspec

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.host_names import ServiceName, covers
from meshlint.mesh.mtls import Mode
from meshlint.mesh.services import Route
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.service import ServicePort
from meshlint.model.networking.gateway import Gateway, Server
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import Level

_AUTO = "AUTO_PASSTHROUGH"
_MODES = {None: "PASSTHROUGH", "PASSTHROUGH": "PASSTHROUGH", _AUTO: _AUTO}
_OF_TLS = frozenset({"HTTPS", "TLS"})
_NOTES = {
    "PASSTHROUGH": "passes the TLS of its clients through, inside mesh mTLS where pods have a proxy: it needs nothing",
    _AUTO: f"passes mesh mTLS of other networks through ({_AUTO}), to pods that take mTLS only: it needs nothing",
}


class _EastWest(msgspec.Struct, frozen=True, eq=False):
    """A server of AUTO_PASSTHROUGH, as the proxies of one namespace run it."""

    gateway: Gateway
    server: Server
    hosts: tuple[str, ...]
    namespace: str


def check(ground: Ground) -> Iterator[Found]:
    """Every server that passes TLS through, then every workload that one of them leaves out."""
    shown = {workload.namespace for workload in ground.servers}
    passing: list[_EastWest] = []
    for gateway in ground.mesh.all(Gateway):
        noted: set[str] = set()
        for server in gateway.servers:
            mode = _passes(server)
            if mode is None:
                continue
            if mode == _AUTO:
                passing.extend(_east_west(gateway, server, ground))
            if mode not in noted:
                noted.add(mode)
                home = ground.mesh.namespace(gateway)
                subject = home if home in shown else ""
                text = f"Gateway `{gateway.name}` {_NOTES[mode]}"
                yield Found(subject, "R21", Level.NOTE, text, None, at(gateway, server, "tls"))
    if passing:
        for workload in ground.servers:
            yield from _left_out(workload, passing, ground)


def _passes(server: Server) -> str | None:
    """The mode of a server that passes TLS through; `tls` of plain HTTP only redirects."""
    protocol = ((server.port.protocol if server.port else None) or "").upper()
    return _MODES.get(server.tls.mode) if server.tls is not None and protocol in _OF_TLS else None


def _east_west(gateway: Gateway, server: Server, ground: Ground) -> Iterator[_EastWest]:
    """One for each namespace with pods of the gateway; where no file has them, they are in the Gateway's own."""
    hosts = tuple(dict.fromkeys(item.host for item in ground.mesh.gateways.hosts(gateway, server)))
    for namespace in ground.mesh.gateway_workloads.namespaces(gateway) or (ground.mesh.namespace(gateway),):
        yield _EastWest(gateway, server, hosts, namespace)


def _left_out(workload: Workload, passing: Sequence[_EastWest], ground: Ground) -> Iterator[Found]:
    """The ports of a workload that stay DISABLE, and so get nothing from other networks, as before."""
    if ground.mesh.mtls.client.endpoints.takes_mtls(workload) is not Answer.YES:
        return
    disabled = [
        route
        for route in ground.mesh.services.routes(workload)
        if isinstance(route.port, ServicePort)
        and (route.port.protocol or "TCP") == "TCP"
        and ground.mesh.mtls.server.of_workload(workload, route.target).mode is Mode.DISABLE
    ]
    told: set[Gateway] = set()
    for item in passing if disabled else ():
        routes = [route for route in disabled if _drops(item, route, ground)]
        if not routes or item.gateway in told:
            continue
        told.add(item.gateway)
        ports = ", ".join(map(str, sorted({route.target for route in routes})))
        policies = ground.mesh.mtls.server.of_workload(workload, routes[0].target).policies
        yield Found(
            workload,
            "R21",
            Level.WARNING,
            f"Gateway `{item.gateway.name}` ({_AUTO}) leaves out pods whose mode is DISABLE, today as well: clients of other "
            f"networks, if there are any, do not reach port {ports}",
            "write PERMISSIVE, which takes plain text as well, or narrow the `hosts` of the Gateway's server",
            at(item.gateway, item.server, "tls"),
            tuple((at(policy), "the mode") for policy in policies),
        )


def _drops(item: _EastWest, route: Route, ground: Ground) -> bool:
    """Whether a server is about a service, and no DestinationRule says how to speak to it."""
    mesh = ground.mesh
    home = route.workload.namespace
    port = route.port.port if isinstance(route.port, ServicePort) else route.port.number
    if not mesh.visibility.visible(route.service, item.namespace):
        return False
    for name in (name for namespace, name in mesh.identities(route.service) if namespace == home):
        host = ServiceName(name, home).fqdn(mesh.settings.cluster_domain)
        if any(covers(mesh.hosts.fqdn(wide, item.namespace), host) for wide in item.hosts):
            return not _may_have_tls(host, port, item.namespace, ground)
    return False


def _may_have_tls(host: str, port: int | None, namespace: str, ground: Ground) -> bool:
    """Whether some rule in force, or one that may be, has `tls` for a port: R3 and R6 are about those.

    Unlike for clusters, the `tls` of the host holds beside an entry for the port that has none.
    """
    lookup = ground.mesh.destination_rules.for_host(host, namespace)
    if lookup.answer is Answer.UNKNOWN and lookup.namespace:
        return True
    for rule in lookup.rules:
        policy = rule.spec.traffic_policy if rule.spec else None
        entries = (policy.port_level_settings if policy else None) or ()
        if policy and (policy.tls or any(item.tls for item in entries if item.port and item.port.number == port)):
            return True
    return False
