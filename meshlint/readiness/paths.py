"""The ways in which proxies of the mesh, and workloads beside it, call servers; which of them STRICT breaks.

Four kinds of clients are asked about every port of every service (R3 to R6, R9 to R13 of docs/readiness.md):
any one in the mesh of the service's own namespace, any one of a namespace that has a DestinationRule
for the service, every workload that a file shows calling it (R2, R16, R20), and proxies that call it
for a filter or a provider (R25).
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.callers import Call, Evidence
from meshlint.mesh.host_names import covers, is_wildcard
from meshlint.mesh.mtls import Connection, Wire
from meshlint.mesh.named_services import namespace_of, services_named
from meshlint.mesh.proxy_calls import ClusterCall
from meshlint.mesh.services import Selecting
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.service import Service, ServicePort
from meshlint.model.networking.destination_rule import DestinationRule
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level

_HELP = {
    "R1": "give every pod behind a service without load balancing a sidecar, or move the others to a service of their own",
    "R2": "bring the client into the mesh, or leave the port PERMISSIVE with `portLevelMtls`",
    "R3": "remove `tls` (auto mTLS chooses by itself) or write `mode: ISTIO_MUTUAL`",
    "R4": "repeat `tls` in the entry of `portLevelSettings`, which replaces the policy of the host as a whole",
    "R5": "switch `enableAutoMtls` on, or write a DestinationRule with `mode: ISTIO_MUTUAL` for the service",
    "R6": "remove `mode: ISTIO_MUTUAL`: auto mTLS sends plain text to pods without a proxy",
    "R9": "write `location: MESH_INTERNAL`",
    "R10": "give the WorkloadEntry (or the template of its group) a `serviceAccount`",
    "R11": "write a DestinationRule with `mode: DISABLE` for the port: clients of headless services do not see exceptions",
    "R12": "let the Sidecar import the service, or the service be exported to the client's namespace",
    "R13": "let the traffic go through the proxy, or write a DestinationRule with `mode: DISABLE` for the port",
    "R16": "give the job a sidecar (a native one ends with the job), or leave the port PERMISSIVE with `portLevelMtls`",
    "R20": "declare the port in the Service",
}

_OF_THE_CLIENT = frozenset({"R2", "R12", "R13", "R16"})
"""Checks whose cause lies with the client."""
_SHOWN_CALLS = 3
_JOBS = frozenset({"Job", "CronJob"})


class _Path(msgspec.Struct, frozen=True, eq=False):
    """Clients, and the port of a service that they call."""

    client: Workload | str
    service: Selecting
    port: int
    subset: str | None = None
    call: Call | None = None
    """The evidence, where the client is a workload that a file shows calling."""
    filter: ClusterCall | None = None
    """The evidence, where proxies call for a filter or a provider."""


class _Broken(msgspec.Struct, frozen=True, eq=False):
    """A path that breaks at ports of a server, with other evidence of the same cause."""

    path: _Path
    connection: Connection
    server: Workload
    level: Level
    code: str
    ports: set[int]
    calls: dict[Call, None]
    filters: dict[ClusterCall, None]

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it one with others: the same server refuses for the same reason.

        Where the client itself is the reason, each one counts.
        """
        own = self.path.client if self.code in _OF_THE_CLIENT else None
        return self.server, self.level, self.code, own, self.connection.reason, self.connection.tls

    @property
    def cause(self) -> tuple[object, ...]:
        """Why the server refuses, whoever calls."""
        return self.server, self.code, self.connection.reason, self.connection.tls


def check(ground: Ground) -> Iterator[Found]:
    """Every path that breaks, or may break, once for each server, with all its ports."""
    broken: dict[tuple[object, ...], _Broken] = {}
    for path in _paths(ground):
        for connection in _connections(path, ground):
            endpoint = connection.endpoint
            if endpoint is None or endpoint.workload is None or endpoint.port is None:
                continue
            server, port = endpoint.workload, endpoint.port
            level, code = _judged(path, connection, server, port, ground)
            if level is not None:
                found = _Broken(path, connection, server, level, code, set(), {}, {})
                found = broken.setdefault(found.key, found)
                found.ports.add(port)
                if path.call is not None:
                    found.calls[path.call] = None
                if path.filter is not None:
                    found.filters[path.filter] = None
    for found in _without_repetition(broken.values()):
        yield _found(found, ground)
    yield from _undeclared(ground)
    yield from _rules_for_all(ground)


def _without_repetition(broken: Iterable[_Broken]) -> Iterator[_Broken]:
    """All but warnings of what blocks anyway: the same server refuses for the same reason, and a file shows a call."""
    found = list(broken)
    blocked: dict[tuple[object, ...], set[int]] = {}
    for item in found:
        if item.level is Level.BLOCKER:
            blocked.setdefault(item.cause, set()).update(item.ports)
    for item in found:
        if item.level is not Level.WARNING or not item.ports <= blocked.get(item.cause, set()):
            yield item


def _judged(
    path: _Path, connection: Connection, server: Workload, port: int, ground: Ground
) -> tuple[Level | None, str]:
    """The level of a connection (None where nothing is to be said) and the check that it belongs to.

    Ports that are kept from the proxy or from mTLS are mostly meant for callers without one, and a service that is
    hidden from a namespace is mostly not called from there: that proxies of the mesh call them needs
    evidence. Nor does a WorkloadEntry say that a proxy runs on its machine, as a WorkloadGroup does; and
    of a ConfigMap that several workloads read nobody knows which of them calls.
    """
    level = _level(path, connection, server, port, ground)
    if level is None:
        return None, ""
    code = _code(path, connection, server, port, ground)
    if code == "R12" and path.call is None:
        return None, code
    if code in {"R11", "R13"} and path.call is None:
        return Level.WARNING, code
    shared = path.call is not None and path.call.evidence is Evidence.SHARED_CONFIG and code in _OF_THE_CLIENT
    if shared or (code == "R10" and server.kind == "WorkloadEntry"):
        return Level.UNKNOWN, code
    return level, code


def _connections(path: _Path, ground: Ground) -> Sequence[Connection]:
    return ground.mesh.mtls.connections(path.client, path.service, path.port, path.subset)


def _paths(ground: Ground) -> Iterator[_Path]:
    mesh = ground.mesh
    services: list[Selecting] = [*mesh.all(Service), *mesh.all(ServiceEntry)]
    for service in services:
        if mesh.services.workloads(service):
            for namespace in mesh.homes(service):
                yield from _generic(namespace, service)
    ruled: dict[Selecting, set[str]] = {}
    for rule in mesh.all(DestinationRule):
        if rule.tls_settings() and not _is_for_all(rule):
            for path in _of_rule(rule, ground):
                ruled.setdefault(path.service, set()).add(str(path.client))
                yield path
    for made in ground.mesh.mtls.proxy_calls.through_clusters():
        if mesh.services.workloads(made.service):
            homes = set(mesh.homes(made.service)) | ruled.get(made.service, set())
            for client in sorted(homes) if made.clients is None else made.clients:
                yield _Path(client, made.service, made.port, made.subset, None, made)
    for call in mesh.callers.all:
        is_alias = isinstance(call.service, Service) and call.service.is_external_name
        if is_alias or mesh.services.workloads(call.service):
            for port in call.ports:
                yield _Path(call.client, call.service, port, None, call)


def _generic(namespace: str, service: Selecting, subset: str | None = None) -> Iterator[_Path]:
    for port in service.ports:
        number = port.port if isinstance(port, ServicePort) else port.number
        if number is not None:
            yield _Path(namespace, service, number, subset)


def _of_rule(rule: DestinationRule, ground: Ground) -> Iterator[_Path]:
    """Clients of the rule's namespace, by the services and subsets that the rule is about."""
    subsets = [subset.name for subset in rule.subsets if subset.traffic_policy]
    for namespace in ground.mesh.homes(rule):
        for service in services_of(rule, namespace, ground):
            for subset in (None, *subsets):
                yield from _generic(namespace, service, subset)


def services_of(rule: DestinationRule, namespace: str, ground: Ground) -> list[Selecting]:
    """The services with known workloads that a rule is about."""
    host = (rule.spec.host if rule.spec else None) or ""
    return [item for item in services_named(host, namespace, ground.mesh) if ground.mesh.services.workloads(item)]


def _level(path: _Path, connection: Connection, server: Workload, port: int, ground: Ground) -> Level | None:
    """What a connection means; None where it goes on working, or where its client is not known to exist."""
    if ground.plane(server) is DataPlane.GATEWAY:
        return None  # its listeners take what the servers of its Gateway say
    if connection.wire is None:
        return Level.UNKNOWN if path.call is not None and _may_break(server, port, ground) else None
    answer = ground.takes(server, port, connection.wire)
    if answer is Answer.NO:
        return Level.BLOCKER
    mesh_only = connection.wire is not Wire.MESH and path.call is not None
    return Level.UNKNOWN if answer is Answer.UNKNOWN and mesh_only and _may_break(server, port, ground) else None


def _may_break(server: Workload, port: int, ground: Ground) -> bool:
    """Whether plain text would break at a port."""
    return ground.takes(server, port, Wire.PLAIN) is not Answer.YES


def _found(broken: _Broken, ground: Ground) -> Found:
    return Found(
        broken.server,
        broken.code,
        broken.level,
        f"{_sending(broken, ground)}{_outcome(broken, ground)}",
        _HELP.get(broken.code),
        _place(broken.path, broken.connection),
        tuple(_related(broken)),
    )


def _sending(broken: _Broken, ground: Ground) -> str:
    """What the clients send, and why."""
    path, connection = broken.path, broken.connection
    who, ports = _who(path, connection), _ports(sorted(broken.ports))
    if isinstance(path.client, Workload) and ground.mesh.injection.in_mesh(path.client) is Answer.NO:
        reason = ground.mesh.injection.state(path.client).reason
        return f"{who} has no proxy because of {reason}, and calls {ports} in plain text"
    if connection.wire is None:
        return f"{who} calls {ports}, and no file tells in which way because of {connection.reason}"
    verb = "send" if isinstance(path.client, str) else "sends"
    return f"{who} {verb} {connection.wire.value} to {ports} because of {connection.reason}"


def _outcome(broken: _Broken, ground: Ground) -> str:
    if broken.connection.wire is None:
        return ""
    if broken.connection.wire is Wire.MESH:
        return ": nothing there takes it, today as well"
    if ground.plane(broken.server) is DataPlane.UNKNOWN or broken.level is Level.UNKNOWN:
        return ": STRICT refuses it, if there is a proxy to do so"
    return ": STRICT refuses it"


def _who(path: _Path, connection: Connection) -> str:
    if isinstance(path.client, Workload):
        return f"{path.client.kind} `{path.client.namespace}/{path.client.name}`"
    home = f" of `{path.client}`"
    return f"clients{home}" if connection.tls is not None else f"clients in the mesh, such as those{home},"


def _ports(ports: Sequence[int]) -> str:
    return f"port{'s' if len(ports) > 1 else ''} {', '.join(map(str, ports))}"


def _place(path: _Path, connection: Connection) -> Place:
    if connection.rule is not None and connection.tls is not None:
        return at(connection.rule, connection.tls, "mode")
    return path.call.place if path.call is not None else at(path.service)


def _related(broken: _Broken) -> Iterator[tuple[Place, str]]:
    """The client where the evidence is the place, else a few calls that show there are clients."""
    path = broken.path
    if isinstance(path.client, Workload) and broken.connection.tls is None:
        yield at(path.client.resource), "the client"
    else:
        yield from _callers(broken)
    for made in list(broken.filters)[:_SHOWN_CALLS]:
        yield made.place, made.text


def _callers(broken: _Broken) -> Iterator[tuple[Place, str]]:
    for call in list(broken.calls)[:_SHOWN_CALLS]:
        yield call.place, f"{call.client.kind} `{call.client.namespace}/{call.client.name}` calls `{call.text}`"


def _code(path: _Path, connection: Connection, server: Workload, port: int, ground: Ground) -> str:
    """The check that a broken connection belongs to."""
    mesh, client = ground.mesh, path.client
    if isinstance(client, Workload) and mesh.injection.in_mesh(client) is not Answer.YES:
        return "R16" if client.kind in _JOBS else "R2"
    if connection.tls is not None:
        return "R6" if connection.wire is Wire.MESH and mesh.injection.in_mesh(server) is Answer.NO else "R3"
    if (
        connection.wire is Wire.MESH
    ):  # past the proxy, or (headless) with an exception for the port that clients do not see
        return "R13" if mesh.mtls.guards(server, port) is Answer.NO else "R11"
    if not mesh.settings.auto_mtls:
        return "R5"
    if isinstance(path.service, ServiceEntry) and path.service.spec and path.service.spec.location != "MESH_INTERNAL":
        return "R9"
    if server.is_machine:
        return "R10"
    if isinstance(client, Workload) and mesh.mtls.capture.outbound(client, path.port) is not Answer.YES:
        return "R13"
    namespace = client.namespace if isinstance(client, Workload) else client
    if not mesh.visibility.visible(path.service, namespace) or "Sidecar" in connection.reason:
        return "R12"
    return "R1"


def _undeclared(ground: Ground) -> Iterator[Found]:
    """R20: calls of a port that a headless Service does not declare reach the pods as plain text.

    Of a Service with an address of its own only declared ports lead anywhere, in the mesh or not.
    """
    for call in ground.mesh.callers.all:
        service = call.service
        if not isinstance(service, Service) or not service.is_headless or call.port is None:
            continue
        if any(port.port == call.port for port in service.ports):
            continue
        for server in ground.mesh.services.workloads(service):
            if call.port in ground.ports[server] and ground.takes(server, call.port, Wire.PLAIN) is Answer.NO:
                yield Found(
                    server,
                    "R20",
                    Level.BLOCKER,
                    f"{call.client.kind} `{call.client.namespace}/{call.client.name}` calls port {call.port}, which "
                    f"the headless Service `{service.name}` does not declare: it goes as plain text, which STRICT refuses",
                    _HELP["R20"],
                    call.place,
                    ((at(service), "the Service"),),
                )


def _is_for_all(rule: DestinationRule) -> bool:
    """Whether a rule is about services of any namespace (`*.local`)."""
    host = (rule.spec.host if rule.spec else None) or ""
    return is_wildcard(host) and namespace_of(host) is None


def _rules_for_all(ground: Ground) -> Iterator[Found]:
    """R3: rules for services of any namespace, which send plain text from one namespace to every STRICT server.

    Said once, not for each server. Those of the root namespace are in force where no other rule is,
    and so judged with each service.
    """
    root = ground.mesh.settings.root_namespace
    for rule in ground.mesh.all(DestinationRule):
        tls = rule.spec.traffic_policy.tls if rule.spec and rule.spec.traffic_policy else None
        namespace = ground.mesh.namespace(rule)
        host = (rule.spec.host if rule.spec else None) or ""
        if tls is None or tls.mode not in {None, "DISABLE", "SIMPLE"} or namespace == root or not _is_for_all(rule):
            continue
        if not covers(host, f"x.y.svc.{ground.mesh.settings.cluster_domain}"):
            continue
        clients = ground.mesh.workloads.of(namespace)
        if not clients or any(ground.mesh.injection.in_mesh(item) is not Answer.NO for item in clients):
            sends = "TLS of its own" if tls.mode == "SIMPLE" else "plain text"
            text = f"clients of `{namespace}` send {sends} to every service that no narrower rule is about: STRICT refuses it"
            yield Found("", "R3", Level.BLOCKER, text, _HELP["R3"], at(rule, tls, "mode"))
