"""What lies around the workloads: mixed services, machines, headless peers, network policies, ambient mode."""

from collections.abc import Iterator, Sequence

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.endpoints import TLS_MODE
from meshlint.mesh.host_names import service_of
from meshlint.mesh.mtls import Wire
from meshlint.mesh.services import container_port
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.network_policy import NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.security.peer_authentication import PeerAuthentication
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level

_HBONE = 15008
_PROBE_ADDRESS = "169.254.7.127/32"
_NETWORK = frozenset({DataPlane.SIDECAR, DataPlane.AMBIENT, DataPlane.UNKNOWN})


def check(ground: Ground) -> Iterator[Found]:
    """R1, R9 to R11, R23, and callers that a NetworkPolicy names (R2)."""
    for service in ground.mesh.all(Service):
        yield from _mixed(service, ground)
        yield from _peers(service, ground)
    for entry in ground.mesh.all(ServiceEntry):
        yield from _entry(entry, ground)
    for network in ground.mesh.all(NetworkPolicy):
        yield from _network(network, ground)
    for policy in ground.today.all(PeerAuthentication):
        yield from _ambient_disable(policy, ground)


def _mixed(service: Service, ground: Ground) -> Iterator[Found]:
    """R1: a service that has pods with a proxy and pods without: only the former are protected by STRICT."""
    workloads = ground.mesh.services.workloads(service)
    bare = [item for item in workloads if ground.plane(item) is DataPlane.NONE]
    if not bare or service.is_headless:
        return
    for workload in workloads:
        if ground.plane(workload) in {DataPlane.SIDECAR, DataPlane.AMBIENT}:
            text = f"Service `{service.name}` leads to {bare[0].kind} `{bare[0].name}`, too, which has no proxy: it answers in plain text"
            yield Found(
                workload,
                "R1",
                Level.WARNING,
                text,
                "give all of its pods a proxy",
                at(service),
                ((at(bare[0].resource), "without proxy"),),
            )


def _peers(service: Service, ground: Ground) -> Iterator[Found]:
    """R11: ports of the pods of a headless service that it does not declare: peers use them by address, in plain text."""
    if not service.is_headless:
        return
    for workload in ground.mesh.services.workloads(service):
        if workload.kind != "StatefulSet" or ground.plane(workload) is not DataPlane.SIDECAR:
            continue
        declared = {
            container_port(port, workload)
            for other in ground.mesh.services.of_workload(workload)
            for port in other.ports
        }
        for port in workload.ports:
            number = port.container_port
            if not number or port.protocol not in {None, "TCP"} or number in declared:
                continue
            if ground.takes(workload, number, Wire.PLAIN) is Answer.NO:
                yield Found(
                    workload,
                    "R11",
                    Level.WARNING,
                    f"port {number} is in no Service: if the pods call each other there, it goes as plain text, "
                    "which STRICT refuses",
                    f"declare the port in the headless Service `{service.name}`",
                    at(workload.resource, port, "container_port"),
                )


def _entry(entry: ServiceEntry, ground: Ground) -> Iterator[Found]:
    """R9: hosts of the cluster that count as outside of the mesh; R10: machines that clients send plain text to."""
    spec = entry.spec
    if spec is None:
        return
    namespace = ground.mesh.namespace(entry)
    for number, host in enumerate(spec.hosts or ()):
        service = service_of(ground.mesh.hosts.fqdn(host, namespace))
        known = service is not None and ground.mesh.find("Service", service.namespace, service.name)
        if service is not None and not known and spec.location != "MESH_INTERNAL" and not spec.workload_selector:
            text = f"`{host}` counts as outside of the mesh (`location: MESH_EXTERNAL` is the default): it is sent plain text"
            yield Found(
                service.namespace,
                "R9",
                Level.WARNING,
                text,
                "write `location: MESH_INTERNAL`",
                at(entry, spec, "hosts", number),
            )
    for endpoint in spec.endpoints or ():
        if (
            spec.location == "MESH_INTERNAL"
            and not endpoint.service_account
            and TLS_MODE not in (endpoint.labels or {})
        ):
            text = f"the endpoint `{endpoint.address or ''}` of ServiceEntry `{entry.name}` is sent plain text, as it has no `serviceAccount`"
            advice = "give it a `serviceAccount`, if a proxy of the mesh runs there"
            yield Found(namespace, "R10", Level.WARNING, text, advice, at(entry, endpoint, "address"))


def _network(policy: NetworkPolicy, ground: Ground) -> Iterator[Found]:
    spec = policy.spec
    if spec is None or spec.ingress is None or (spec.policy_types is not None and "Ingress" not in spec.policy_types):
        return
    for namespace in sorted({namespace for namespace, _ in ground.mesh.identities(policy)}):
        candidates = ground.mesh.selectors.picked(
            namespace, (spec.pod_selector.match_labels if spec.pod_selector else None) or {}
        )
        servers = [
            item
            for item in candidates
            if ground.plane(item) in _NETWORK and (not spec.pod_selector or spec.pod_selector.matches(item.labels))
        ]
        for rule in spec.ingress:
            for peer in rule.from_ or ():
                yield from _allowed(policy, rule, peer, namespace, servers, ground)
        ambient = [item for item in servers if ground.plane(item) is DataPlane.AMBIENT]
        if ambient:
            yield from _below_ambient(policy, ambient)


def _allowed(
    policy: NetworkPolicy,
    rule: NetworkPolicyIngressRule,
    peer: NetworkPolicyPeer,
    namespace: str,
    servers: Sequence[Workload],
    ground: Ground,
) -> Iterator[Found]:
    """R2: a workload without proxy that a NetworkPolicy lets in by its labels, and so surely is a client."""
    labels = peer.pod_selector.match_labels if peer.pod_selector else None
    if not labels or peer.namespace_selector is not None or (peer.pod_selector and peer.pod_selector.match_expressions):
        return
    clients = [item for item in ground.mesh.selectors.picked(namespace, labels) if item not in servers]
    if not clients or any(ground.plane(item) is not DataPlane.NONE for item in clients):
        return
    for server in servers:
        ports = sorted(port for port, name in ground.ports[server].items() if _lets_in(rule, port, name))
        refused = [str(port) for port in ports if ground.takes(server, port, Wire.PLAIN) is Answer.NO]
        if refused:
            client = clients[0]
            text = f"NetworkPolicy `{policy.name}` lets {client.kind} `{client.name}` in, which has no proxy: STRICT refuses it on {', '.join(refused)}"
            advice = "bring the client into the mesh, or leave the port PERMISSIVE with `portLevelMtls`"
            related = ((at(client.resource), "the client"),)
            yield Found(server, "R2", Level.BLOCKER, text, advice, at(policy, peer, "pod_selector"), related)


def _lets_in(rule: NetworkPolicyIngressRule, port: int, name: str | None) -> bool:
    for entry in rule.ports or ():
        if isinstance(entry.port, int) and entry.port <= port <= (entry.end_port or entry.port):
            return True
        if entry.port is None or (isinstance(entry.port, str) and entry.port == name):
            return True
    return not rule.ports


def _below_ambient(policy: NetworkPolicy, workloads: Sequence[Workload]) -> Iterator[Found]:
    """R23: the network sees traffic of ambient workloads on ztunnel's port, and probes from an address of its own."""
    rules = (policy.spec.ingress if policy.spec else None) or ()
    if rules and any(_lets_in(rule, _HBONE, None) for rule in rules):
        return
    text = f"NetworkPolicy `{policy.name}` does not let port {_HBONE} in, which mTLS of ambient workloads comes through"
    advice = f"let TCP {_HBONE} in, and probes from {_PROBE_ADDRESS}"
    for workload in workloads:
        yield Found(workload, "R23", Level.WARNING, text, advice, at(policy, policy.spec, "ingress"))


def _ambient_disable(policy: PeerAuthentication, ground: Ground) -> Iterator[Found]:
    """R23: ztunnel knows no DISABLE."""
    namespace = ground.mesh.namespace(policy)
    mtls = policy.spec.mtls if policy.spec else None
    if mtls and mtls.mode == "DISABLE" and ground.mesh.injection.ambient_namespace(namespace) is Answer.YES:
        text = f"PeerAuthentication `{policy.name}` writes DISABLE, which ambient mode does not know: it is taken for PERMISSIVE"
        yield Found(namespace, "R23", Level.WARNING, text, "write `mode: PERMISSIVE`", at(policy, mtls, "mode"))
