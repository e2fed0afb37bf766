"""The order in which namespaces can move to STRICT, and the policies to write for each step.

Callers go before the servers they call, so that each namespace moves when those in front of it have
been watched under STRICT. Namespaces that call each other in a circle move together.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from meshlint.findings import Place
from meshlint.mesh.answers import Answer
from meshlint.mesh.principals import parse
from meshlint.model.security.authorization_policy import AuthorizationPolicy
from meshlint.model.security.peer_authentication import PeerAuthentication
from meshlint.readiness.ground import Ground, is_scope_wide
from meshlint.readiness.model import DataPlane, Location, Policy, ScopeReport, Step, Verdict

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Names that YAML would read as something else."""
_OUTSIDE = frozenset({DataPlane.NONE, DataPlane.GATEWAY})
_MOVES = frozenset({Verdict.READY, Verdict.EXCEPTIONS})


class Plan(msgspec.Struct, frozen=True):
    """The steps, and who takes part in none."""

    steps: tuple[Step, ...]
    waiting: tuple[str, ...]
    strict_already: tuple[str, ...]
    outside: tuple[str, ...]
    mesh_policy: Policy | None


def planned(ground: Ground, scopes: Sequence[ScopeReport], locate: Callable[[Place], Location]) -> Plan:
    """Plan the move of the namespaces that are reported on."""
    root = ground.today.settings.root_namespace
    policies = _policies(ground)
    strict = [scope.namespace for scope in scopes if _is_strict(scope.namespace, ground)]
    waiting = [item.namespace for item in scopes if item.verdict not in _MOVES and item.namespace not in strict]
    outside = [scope.namespace for scope in scopes if _is_outside(scope)]
    waiting = [name for name in waiting if name not in outside]
    moving = [item.namespace for item in scopes if item.namespace not in {*strict, *waiting, *outside, root}]
    steps = [
        Step(
            number,
            tuple(names),
            tuple(_policy(name, policies.get(name, ()), locate) for name in names),
            tuple(circles),
        )
        for number, (names, circles) in enumerate(
            _ordered(moving, [scope.namespace for scope in scopes], _calls(ground)), 1
        )
    ]
    whole = bool(scopes) and all(scope.verdict in _MOVES for scope in scopes) and not _is_strict(root, ground)
    mesh_policy = _policy(root, policies.get(root, ()), locate) if whole else None
    return Plan(tuple(steps), tuple(waiting), tuple(strict), tuple(outside), mesh_policy)


def _is_outside(scope: ScopeReport) -> bool:
    return bool(scope.workloads) and all(item.data_plane in _OUTSIDE for item in scope.workloads)


def _is_strict(namespace: str, ground: Ground) -> bool:
    server = ground.today.mtls.server
    return server.is_strict(server.of_namespace(namespace)) is Answer.YES


def _policies(ground: Ground) -> dict[str, list[PeerAuthentication]]:
    """The policies for whole namespaces, by namespace."""
    index: dict[str, list[PeerAuthentication]] = {}
    for policy in ground.today.all(PeerAuthentication):
        if is_scope_wide(policy):
            for namespace in ground.today.homes(policy):
                index.setdefault(namespace, []).append(policy)
    return index


def _calls(ground: Ground) -> Iterator[tuple[str, str]]:
    """Which namespace calls which, or is let in by policies: pairs, the caller first."""
    mesh = ground.mesh
    for call in mesh.callers.all:
        for server in mesh.services.workloads(call.service):
            yield call.client.namespace, server.namespace
    for policy in mesh.all(AuthorizationPolicy):
        if policy.action == "ALLOW":
            for rule in policy.rules:
                for source in rule.sources():
                    for caller in (*(source.namespaces or ()), *map(_namespace_of, source.principals or ())):
                        yield caller, mesh.namespace(policy)


def _namespace_of(principal: str) -> str:
    identity = parse(principal)
    return identity.namespace if identity else ""


def _ordered(
    moving: Iterable[str], namespaces: Iterable[str], calls: Iterable[tuple[str, str]]
) -> Iterator[tuple[list[str], list[tuple[str, ...]]]]:
    """Those of the namespaces that move, in generations, with the circles in each."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(namespaces)
    graph.add_edges_from((caller, server) for caller, server in calls if caller in graph and server in graph)
    condensed, wanted = nx.condensation(graph), set(moving)
    for generation in nx.topological_generations(condensed):
        groups = [sorted(wanted & condensed.nodes[node]["members"]) for node in generation]
        names = sorted(name for group in groups for name in group)
        if names:
            yield names, sorted(tuple(group) for group in groups if len(group) > 1)


def _policy(namespace: str, existing: Sequence[PeerAuthentication], locate: Callable[[Place], Location]) -> Policy:
    """The policy to write: the one that is there with another mode, else a new one."""
    name = existing[0].name if existing else "default"
    version = existing[0].api_version if existing else "security.istio.io/v1"
    text = (
        f"apiVersion: {version}\nkind: PeerAuthentication\n"
        f"metadata:\n  name: {_scalar(name)}\n  namespace: {_scalar(namespace)}\n"
        "spec:\n  mtls:\n    mode: STRICT\n"
    )
    return Policy(namespace, text, locate(Place(existing[0])) if existing else None)


def _scalar(text: str) -> str:
    """A name as YAML: quoted where it is not the plain name that Kubernetes asks for."""
    plain = text[:1].isalpha() and text.replace("-", "").replace(".", "").isalnum() and text.isascii()
    return text if plain and text.lower() not in _WORDS else msgspec.json.encode(text).decode()
