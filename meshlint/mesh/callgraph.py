"""Chains of calls: who calls whom, and how often is a request tried on its way?

Edges are what configuration says: routes from a gateway, routes for clients with certain labels,
exact hosts of a Sidecar with a selector, and the principals that an ALLOW policy lets in. Calls that
settings of containers hint at (`mesh.callers`) are guesses and come along only where they are asked
for. What no file says is no edge, so that a missing one proves nothing.

networkx is imported when chains or cycles are asked for, not before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.bindings import Bindings
from meshlint.mesh.callers import Evidence
from meshlint.mesh.gateway_names import MESH
from meshlint.mesh.host_names import is_wildcard
from meshlint.mesh.requests import Client
from meshlint.mesh.workloads import Workload
from meshlint.model.durations import seconds
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.gateway import Gateway
from meshlint.model.networking.sidecar import Sidecar
from meshlint.model.networking.virtual_service import HTTPRetry, HTTPRoute, VirtualService
from meshlint.model.security.authorization_policy import AuthorizationPolicy, Source

if TYPE_CHECKING:
    from meshlint.mesh.delegates import MergedRoute
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource

_HARMLESS = frozenset({"connect-failure", "refused-stream", "reset-before-request"})
"""Conditions under which the server has not worked on the request: retries of these add no load to it."""
_BASE_BACKOFF = Decimal("0.025")
_MOST_TRIES = 1000

Caller = Workload | Gateway


class Edge(msgspec.Struct, frozen=True, eq=False):
    """A caller calls a service, as a file says."""

    caller: Caller
    service: Service
    place: Place
    text: str
    """What says so, in words."""


class Hop(msgspec.Struct, frozen=True, eq=False):
    """One step of a chain: a call, and the route that its requests take at worst."""

    edge: Edge
    root: VirtualService | None = None
    route: MergedRoute | None = None
    """The route to the service with the most tries; None where no VirtualService is about the call."""
    tries: int = 1
    """How often the service may have to work on one request: 1, and the retries that are not harmless."""

    @property
    def settings(self) -> HTTPRoute | None:
        """The route with timeout and retries as they are in force."""
        return self.route.route if self.route is not None else None

    @property
    def retries(self) -> HTTPRetry | None:
        """The retries that are written for it."""
        return retries_of(self.settings)

    @property
    def timeout(self) -> Decimal | None:
        """The time of the route for all tries together, in seconds; None for no limit."""
        written = seconds(self.settings.timeout) if self.settings is not None else None
        return written or None

    def place(self, field: str) -> Place:
        """Where `timeout` or `retries` of the route is written; the evidence of the call where it is not."""
        if self.route is None or self.root is None:
            return self.edge.place
        owner, route = self.route.owner(field)
        if getattr(route, field) is None:
            return at(self.route.origin.virtual_service, self.route.origin.route, "route").key()
        return at(owner or self.root, route, field)


class CallGraph:
    """The calls that configuration shows, as a graph of callers and services."""

    def __init__(self, mesh: Mesh, *, guessed: bool) -> None:
        self._mesh = mesh
        self._guessed = guessed
        self._bindings = Bindings(mesh)
        self._worst: dict[VirtualService, Mapping[Resource, tuple[int, MergedRoute]]] = {}

    @cached_property
    def hops(self) -> Sequence[Hop]:
        """Every call with its route, each pair of caller and service once: with the most tries."""
        found: dict[tuple[Caller, Service], Hop] = {}
        for edge in self._edges():
            hop = self._hop(edge)
            known = found.get((edge.caller, edge.service))
            if known is None or hop.tries > known.tries:
                found[edge.caller, edge.service] = hop
        return tuple(found.values())

    def following(self, hop: Hop) -> Sequence[Hop]:
        """The calls that the pods of a called service make."""
        return [
            item for pod in self._mesh.services.workloads(hop.edge.service) for item in self._by_caller.get(pod, ())
        ]

    def worst_chains(self, least: int) -> Iterator[tuple[Hop, ...]]:
        """The chain with the most tries in each connected part of the graph, where they are at least so many.

        A cycle is taken as one stop: what goes round in it is not counted.
        """
        if (least > 1 and not self._repeats) or self._bound(least) < least:
            return
        import networkx as nx

        graph = self._graph(nx)
        for part in nx.weakly_connected_components(graph):
            stops = nx.condensation(graph.subgraph(part))
            stop_of = stops.graph["mapping"]
            for one, other, hop in graph.edges(part, data="hop"):
                data = stops.get_edge_data(stop_of[one], stop_of[other])
                if data is not None and ("hop" not in data or data["hop"].tries < hop.tries):
                    data.update(hop=hop, weight=log(hop.tries))
            path = nx.dag_longest_path(stops, weight="weight")
            chain = _trimmed([stops.edges[pair]["hop"] for pair in pairwise(path)])
            if factor(chain) >= least:
                yield chain

    @cached_property
    def _repeats(self) -> bool:
        """Whether some route sends a request more than once: without one, no chain does."""
        return any(tries_of(route) > 1 for item in self._mesh.all(VirtualService) for route in item.http)

    def _bound(self, enough: int) -> int:
        """At least the tries of the worst chain; `enough` where there is a circle. Spares most runs networkx."""
        following: dict[str, list[tuple[str, int]]] = {}
        before: dict[str, int] = {}
        for hop in self.hops:
            target = self._node(hop.edge.service)
            for start in self._starts(hop.edge.caller):
                if start != target:
                    following.setdefault(start, []).append((target, hop.tries))
                    before[target] = before.get(target, 0) + 1
        ready = [node for node in following if node not in before]
        tries: dict[str, int] = {}
        while ready:
            node = ready.pop()
            for target, times in following.get(node, ()):
                tries[target] = max(tries.get(target, 1), min(tries.get(node, 1) * times, enough))
                before[target] -= 1
                if not before[target]:
                    ready.append(target)
        return enough if any(before.values()) else max(tries.values(), default=1)

    def cycles(self) -> Iterator[tuple[Hop, ...]]:
        """Services that call each other in a circle, the shortest circle of each tangle."""
        import networkx as nx

        graph = self._graph(nx)
        for part in nx.strongly_connected_components(graph):
            if len(part) > 1:
                inside = graph.subgraph(part)
                edges = nx.find_cycle(inside, source=min(part, key=str))
                yield tuple(inside.edges[edge[0], edge[1]]["hop"] for edge in edges)

    def _graph(self, nx: Any) -> Any:
        """Nodes are services and, for callers that are behind none, the callers themselves."""
        graph = nx.DiGraph()
        for hop in self.hops:
            target = self._node(hop.edge.service)
            for start in self._starts(hop.edge.caller):
                if start == target:
                    continue
                known = graph.get_edge_data(start, target)
                if known is None or known["hop"].tries < hop.tries:
                    graph.add_edge(start, target, hop=hop)
        return graph

    def _starts(self, caller: Caller) -> Sequence[str]:
        services = self._mesh.services.of_workload(caller) if isinstance(caller, Workload) else ()
        named = [self._node(item) for item in services if isinstance(item, Service)]
        return named or [f"{type(caller).__name__} {named_as(self._mesh, caller)}"]

    def _node(self, service: Service) -> str:
        return f"Service {self._mesh.namespace(service)}/{service.name}"

    @cached_property
    def _by_caller(self) -> Mapping[Caller, list[Hop]]:
        index: dict[Caller, list[Hop]] = {}
        for hop in self.hops:
            index.setdefault(hop.edge.caller, []).append(hop)
        return index

    def _edges(self) -> Iterator[Edge]:
        yield from self._of_routes()
        yield from self._of_sidecars()
        yield from self._of_policies()
        if self._guessed:
            for call in self._mesh.callers.all:
                if call.evidence is Evidence.SETTING and isinstance(call.service, Service):
                    yield Edge(call.client, call.service, call.place, f"`{call.text}` names it")

    def _of_routes(self) -> Iterator[Edge]:
        for item in self._mesh.all(VirtualService):
            gateways = (item.spec.gateways if item.spec else None) or (MESH,)
            callers = list(self._mesh.gateways.of(item))
            for merged in self._mesh.delegates.routes(item) if item.spec and item.spec.hosts else ():
                clients: list[Caller] = [*callers, *(self._labelled(merged, item) if MESH in gateways else ())]
                for destination in merged.route.destinations() if clients else ():
                    place = at(merged.origin.virtual_service, destination, "host")
                    for service in self._services(destination.host or "", merged.origin.virtual_service):
                        yield from (Edge(client, service, place, "a route leads there") for client in clients)

    def _labelled(self, merged: MergedRoute, item: VirtualService) -> Iterator[Workload]:
        """The workloads that a route names as its clients, by their labels."""
        for match in merged.route.match or ():
            if match.source_labels and not match.gateways:
                namespace = match.source_namespace or self._mesh.namespace(item)
                yield from self._mesh.selectors.picked(namespace, match.source_labels)

    def _of_sidecars(self) -> Iterator[Edge]:
        for sidecar in self._mesh.all(Sidecar):
            selector = sidecar.spec.workload_selector if sidecar.spec else None
            if selector is None or not selector.wanted or sidecar.spec is None:
                continue
            home = self._mesh.namespace(sidecar)
            pods = self._mesh.selectors.picked(home, selector.wanted)
            for listener in sidecar.spec.egress or ():
                for index, entry in enumerate(self._mesh.sidecars.imports(listener, home)):
                    if entry.excludes or is_wildcard(entry.host) or "." not in entry.host:
                        continue
                    place = at(sidecar, listener, "hosts", index)
                    for service in self._mesh.hosts.services(entry.host, home):
                        if isinstance(service, Service):
                            yield from (Edge(pod, service, place, "its Sidecar imports it") for pod in pods)

    def _of_policies(self) -> Iterator[Edge]:
        for policy in self._mesh.all(AuthorizationPolicy):
            spec = policy.spec
            if (
                spec is None
                or (spec.action or "ALLOW") != "ALLOW"
                or not spec.selector
                or not spec.selector.match_labels
            ):
                continue
            pods = self._mesh.selectors.picked(self._mesh.namespace(policy), spec.selector.match_labels)
            services = {
                item: None for pod in pods for item in self._mesh.services.of_workload(pod) if isinstance(item, Service)
            }
            for rule in policy.rules if services else ():
                for source in rule.sources():
                    for place, client in self._admitted(policy, source):
                        yield from (Edge(client, service, place, "a policy lets it in") for service in services)

    def _admitted(self, policy: AuthorizationPolicy, source: Source) -> Iterator[tuple[Place, Workload]]:
        for index, principal in enumerate(source.principals or ()):
            if "*" not in principal:
                for account in self._mesh.accounts.matching(principal):
                    for pod in self._mesh.accounts.workloads(*account):
                        yield at(policy, source, "principals", index), pod

    def _services(self, host: str, owner: VirtualService) -> Iterator[Service]:
        for item in self._mesh.hosts.services(host, self._mesh.namespace(owner)):
            if isinstance(item, Service):
                yield item

    def _hop(self, edge: Edge) -> Hop:
        """A call with the route to its service that has the most tries."""
        worst = Hop(edge)
        for item in self._claims(edge):
            found = self._worst_routes(item).get(edge.service)
            if found is not None and (worst.route is None or found[0] > worst.tries):
                worst = Hop(edge, item, found[1], found[0])
        return worst

    def _worst_routes(self, item: VirtualService) -> Mapping[Resource, tuple[int, MergedRoute]]:
        """By service, the route of a VirtualService with the most tries that leads there."""
        if item not in self._worst:
            found: dict[Resource, tuple[int, MergedRoute]] = {}
            for merged in self._mesh.delegates.routes(item):
                tries, home = tries_of(merged.route), self._mesh.namespace(merged.origin.virtual_service)
                for one in merged.route.route or ():
                    host = (one.destination.host if one.destination else None) or ""
                    for service in self._mesh.hosts.services(host, home) if one.destination else ():
                        if service not in found or found[service][0] < tries:
                            found[service] = tries, merged
            self._worst[item] = found
        return self._worst[item]

    def _claims(self, edge: Edge) -> Sequence[VirtualService]:
        if isinstance(edge.caller, Gateway):
            return self._at_gateway.get(named_as(self._mesh, edge.caller), ())
        client = Client(edge.caller.namespace, edge.caller.labels, frozenset({MESH}))
        host = f"{edge.service.name}.{self._mesh.namespace(edge.service)}.svc.{self._mesh.settings.cluster_domain}"
        return self._bindings.of_sidecars(host, client)[:1]

    @cached_property
    def _at_gateway(self) -> Mapping[str, list[VirtualService]]:
        index: dict[str, list[VirtualService]] = {}
        for item in self._mesh.all(VirtualService):
            for name in (item.spec.gateways if item.spec else None) or ():
                for gateway in self._mesh.gateways.named(name, self._mesh.namespace(item)):
                    index.setdefault(named_as(self._mesh, gateway), []).append(item)
        return index


def retries_of(route: HTTPRoute | None) -> HTTPRetry | None:
    """The retries that a route writes; a fault switches them off."""
    return route.retries if route is not None and route.fault is None else None


def tries_of(route: HTTPRoute) -> int:
    """How often a route may send a request to a server that works on it each time."""
    retries = retries_of(route)
    if retries is None or not retries.attempts or retries.attempts < 0:
        return 1
    return 1 if _is_harmless(retries.retry_on or "") else min(retries.attempts, _MOST_TRIES) + 1


@lru_cache(maxsize=256)
def _is_harmless(retry_on: str) -> bool:
    """Whether a request is tried again only where no server has worked on it."""
    return {part.strip() for part in retry_on.split(",")} - {""} <= _HARMLESS


def factor(chain: Sequence[Hop]) -> int:
    """How many requests one request may become at the end of a chain."""
    product = 1
    for hop in chain:
        product *= hop.tries
    return product


def latency(chain: Sequence[Hop]) -> Decimal | None:
    """The longest that the first caller waits, in seconds; None where nothing bounds it.

    A timeout bounds a hop with all its tries. Without one, each try takes `perTryTimeout`, or as long
    as the rest of the chain; the back-off between tries comes on top: an upper bound, since Envoy draws
    it at random from 0
    (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries).
    """
    wait: Decimal | None = None
    for hop in reversed(chain):
        per_try = (seconds(hop.retries.per_try_timeout) if hop.retries is not None else None) or wait
        if hop.timeout is not None:
            wait = hop.timeout
        elif per_try is not None:
            wait = per_try * hop.tries + _pauses(hop.retries, hop.tries - 1)
        else:
            wait = None
    return wait


def _pauses(retries: HTTPRetry | None, count: int) -> Decimal:
    """The longest pauses between tries: (2^n - 1) times the base for the n-th, ten times the base at most."""
    base = (seconds(retries.backoff) if retries is not None else None) or _BASE_BACKOFF
    return sum((min(2**number - 1, 10) * base for number in range(1, count + 1)), Decimal(0))


def _most(hops: Sequence[Hop]) -> int:
    return max((hop.tries for hop in hops), default=1)


def named_as(mesh: Mesh, caller: Any) -> str:
    """`namespace/name` of a workload or a resource."""
    return f"{caller.namespace if isinstance(caller, Workload) else mesh.namespace(caller)}/{caller.name}"


def _trimmed(chain: Sequence[Hop]) -> tuple[Hop, ...]:
    """A chain from its first to its last hop with more than one try."""
    busy = [index for index, hop in enumerate(chain) if hop.tries > 1]
    return tuple(chain[busy[0] : busy[-1] + 1]) if busy else ()
