"""Requests that come in by a Gateway of the Gateway API: which listener takes them, and which HTTPRoutes has it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.decisions import Decision, Outcome, Step, ending
from meshlint.mesh.host_names import covers, is_wildcard
from meshlint.mesh.http_routing import HttpRouting, of_host, rules_of
from meshlint.mesh.listeners import admits, is_meant
from meshlint.mesh.requests import Client, Request
from meshlint.model.gateway_api.grpc_route import GRPCRoute
from meshlint.model.gateway_api.http_route import HTTPRoute

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.gateway_api.gateway import Gateway
    from meshlint.model.gateway_api.listener import Listener

R = TypeVar("R", HTTPRoute, GRPCRoute)

_TLS = frozenset({"HTTPS", "TLS"})


class ListenerRouting:
    """Requests at listeners."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def from_gateway(self, gateway: Gateway, request: Request) -> Decision:
        """Follow a request that comes in by a Gateway."""
        on_port = [item for item in gateway.listeners if item.port == request.port]
        if not on_port:
            text = f"no listener of the Gateway has port {request.port}: connection refused"
            return ending(Outcome.FAILED, [], text)
        taking = [item for item in on_port if item.hostname is None or _takes(item.hostname, request.host)]
        if not taking:
            steps = [Step("this listener has another host", at(gateway, item, "hostname")) for item in on_port]
            text = f"no listener on port {request.port} takes `{request.host}`: 404, or a closed connection with TLS"
            return ending(Outcome.FAILED, steps, text)
        listener = max(taking, key=_specific)
        name = f"{self._mesh.namespace(gateway)}/{gateway.name}"
        steps = [
            Step(
                f"listener `{listener.name}` of Gateway `{name}` takes `{request.host}` on port {request.port}",
                at(gateway, listener, "hostname" if listener.hostname else "name"),
            )
        ]
        speaks_tls = (listener.protocol or "") in _TLS
        if speaks_tls != (request.scheme == "https"):
            wants = "TLS" if speaks_tls else "plain text"
            text = f"the listener takes {wants}: the connection is closed"
            return ending(Outcome.FAILED, steps, text, at(gateway, listener, "protocol"))
        if listener.protocol not in {"HTTP", "HTTPS"}:
            text = f"routes of {listener.protocol} listeners are not followed"
            return ending(Outcome.UNKNOWN, steps, text, at(gateway, listener, "protocol"))
        return self._by_routes(gateway, listener, request, steps)

    def _by_routes(self, gateway: Gateway, listener: Listener, request: Request, steps: list[Step]) -> Decision:
        attached = [pair for pair in self._attached(gateway, listener, HTTPRoute) if rules_of(pair[0])]
        if self._attached(gateway, listener, GRPCRoute):
            return ending(Outcome.UNKNOWN, steps, "GRPCRoutes are attached to it, which are not followed")
        unsure = [route for route, answer in attached if answer is Answer.UNKNOWN]
        found = of_host([route for route, _ in attached], request.host)
        if found is None:
            return ending(Outcome.FAILED, steps, f"no HTTPRoute attached to it takes `{request.host}`: 404")
        host, routes = found
        for route in unsure:
            text = f"whether the listener admits HTTPRoute `{self._mesh.namespace(route)}/{route.name}` depends on labels that no file shows; it is taken to"
            steps.append(Step(text, at(route)))
        steps.append(Step(f"HTTPRoutes for `{host}` route it", at(routes[0])))
        client = Client(self._mesh.namespace(gateway), {}, frozenset())
        return HttpRouting(self._mesh).follow(routes, client, request, steps, needs_grants=True)

    def _attached(self, gateway: Gateway, listener: Listener, kind: type[R]) -> Sequence[tuple[R, Answer]]:
        """The routes of a kind at a listener, with those of which nobody can tell whether it admits them."""
        homes = self._mesh.identities(gateway)
        found = []
        for route in self._mesh.all(kind):
            own = self._mesh.namespace(route)
            names = [
                parent
                for parent in route.parents
                if parent.kind in {None, "Gateway"} and (parent.namespace or own, parent.name or "") in homes
            ]
            if any(is_meant(listener, parent) for parent in names):
                answer = admits(listener, gateway, route, self._mesh)
                if answer is not Answer.NO:
                    found.append((route, answer))
        return found


def _takes(hostname: str, host: str) -> bool:
    return hostname == host or (is_wildcard(hostname) and covers(hostname, host))


def _specific(listener: Listener) -> tuple[bool, int]:
    """The exact name first, then the longer wildcard, then a listener for every host."""
    hostname = listener.hostname or ""
    return bool(hostname) and not is_wildcard(hostname), len(hostname)
