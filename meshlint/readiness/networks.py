"""NetworkPolicies: callers that they name (R2), and what they keep from ambient workloads (R23)."""

from collections.abc import Iterator, Sequence

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.mtls import Wire
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.network_policy import NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level

_HBONE = 15008
_PROBE_ADDRESS = "169.254.7.127/32"
"""Where ambient mode sends the kubelet's probes from (https://istio.io/latest/docs/ambient/usage/networkpolicy/)."""
_SERVERS = frozenset({DataPlane.SIDECAR, DataPlane.AMBIENT, DataPlane.UNKNOWN})


def check(ground: Ground) -> Iterator[Found]:
    """Every policy about traffic that comes in."""
    ambient: dict[Workload, list[NetworkPolicy]] = {}
    for policy in ground.mesh.all(NetworkPolicy):
        spec = policy.spec
        if spec is None or (spec.policy_types is not None and "Ingress" not in spec.policy_types):
            continue
        for namespace in ground.mesh.homes(policy):
            for rule in spec.ingress or ():
                for peer in rule.from_ or ():
                    yield from _allowed(policy, rule, peer, namespace, ground)
            if ground.mesh.injection.ambient_namespace(namespace) is Answer.YES:
                for workload in _picked(policy, namespace, ground):
                    ambient.setdefault(workload, []).append(policy)
    for workload, policies in ambient.items():
        if ground.plane(workload) is DataPlane.AMBIENT:
            yield from _below_ambient(workload, policies)


def _picked(policy: NetworkPolicy, namespace: str, ground: Ground) -> Sequence[Workload]:
    """The workloads that a policy is about."""
    selector = policy.spec.pod_selector if policy.spec else None
    found = ground.mesh.selectors.picked(namespace, (selector.match_labels if selector else None) or {})
    return [item for item in found if selector is None or selector.matches(item.labels)]


def _allowed(
    policy: NetworkPolicy, rule: NetworkPolicyIngressRule, peer: NetworkPolicyPeer, namespace: str, ground: Ground
) -> Iterator[Found]:
    """R2: a workload without proxy that a policy lets in by its labels, and so surely is a client."""
    selector = peer.pod_selector
    if (
        selector is None
        or not selector.match_labels
        or selector.match_expressions
        or peer.namespace_selector is not None
    ):
        return
    clients = ground.mesh.selectors.picked(namespace, selector.match_labels)
    if not clients or any(ground.plane(item) is not DataPlane.NONE for item in clients):
        return
    client = clients[0]
    for server in _picked(policy, namespace, ground):
        ports = sorted(port for port, name in ground.ports[server].items() if _lets_in(rule, port, name))
        refused = [str(port) for port in ports if ground.takes(server, port, Wire.PLAIN) is Answer.NO]
        if refused and ground.plane(server) in _SERVERS:
            yield Found(
                server,
                "R2",
                Level.BLOCKER,
                f"NetworkPolicy `{policy.name}` lets {client.kind} `{client.name}` in, which has no proxy: STRICT refuses it "
                f"on {', '.join(refused)}",
                "bring the client into the mesh, or leave the port PERMISSIVE with `portLevelMtls`",
                at(policy, peer, "pod_selector"),
                ((at(client.resource), "the client"),),
            )


def _lets_in(rule: NetworkPolicyIngressRule, port: int, name: str | None) -> bool:
    for entry in rule.ports or ():
        if isinstance(entry.port, int) and entry.port <= port <= (entry.end_port or entry.port):
            return True
        if entry.port is None or (isinstance(entry.port, str) and entry.port == name):
            return True
    return not rule.ports


def _below_ambient(workload: Workload, policies: Sequence[NetworkPolicy]) -> Iterator[Found]:
    """R23: the network sees mTLS of ambient workloads on ztunnel's port, and one of a pod's policies has to let it in."""
    rules = [rule for policy in policies for rule in (policy.spec.ingress if policy.spec else None) or ()]
    if not any(_lets_in(rule, _HBONE, None) for rule in rules):
        first = policies[0]
        text = (
            f"NetworkPolicy `{first.name}` does not let port {_HBONE} in, which mTLS of ambient workloads comes through"
        )
        advice = f"let TCP {_HBONE} in, and probes from {_PROBE_ADDRESS}"
        yield Found(workload, "R23", Level.WARNING, text, advice, at(first, first.spec, "ingress"))
