"""What becomes of a request: which route takes it, where does it go, with which timeout and retries?

The answer is a path of steps, each with the place it is decided at, as istiod configures the proxies:
`pilot/pkg/networking/core/httproute.go` (sidecars), `gateway.go` (gateways), `route/route.go` (routes).
This is Istio's own API; HTTPRoutes of the Gateway API are followed in `http_routing.py` and
`listener_routing.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.bindings import Bindings, resolved_gateways
from meshlint.mesh.decisions import Decision, Outcome, Step, ending, reached, retrying
from meshlint.mesh.destinations import targets
from meshlint.mesh.gateway_names import MESH
from meshlint.mesh.protocols import Protocol, parse, selected
from meshlint.mesh.requests import Client, Request, l4_refusals, refusals
from meshlint.mesh.services import Selecting, find_port
from meshlint.model.kubernetes.service import Service
from meshlint.values.protocols import is_http, is_tls

if TYPE_CHECKING:
    from meshlint.mesh.delegates import MergedRoute, Origin
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.networking.gateway import Gateway, Server
    from meshlint.model.networking.virtual_service import TCPRoute, TLSRoute, VirtualService


class Routing:
    """Requests of the workloads and gateways of the input."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._bindings = Bindings(mesh)

    def from_workload(self, workload: Workload, request: Request) -> Decision:
        """Follow a request that a workload makes, through its sidecar."""
        if self._mesh.injection.sidecar(workload) is Answer.NO:
            step = Step(
                f"`{workload.name}` has no sidecar: no route and no policy of a client applies", at(workload.resource)
            )
            return Decision(Outcome.PASSED, (step,))
        client = Client(workload.namespace, workload.labels, frozenset({MESH}))
        return self._from_sidecar(client, request)

    def from_gateway(self, gateways: Sequence[Gateway], request: Request, labels: Mapping[str, str]) -> Decision:
        """Follow a request that comes in by Gateways of the same pods, which have these labels."""
        servers = [
            (gateway, server)
            for gateway in gateways
            for server in gateway.servers
            if server.port is not None and server.port.number == request.port
        ]
        if not servers:
            return ending(
                Outcome.FAILED, [], f"no server of the gateway listens on port {request.port}: connection refused"
            )
        taking = [pair for pair in servers if self._serves(*pair, request.host)]
        if not taking:
            steps = [
                Step("this server has other hosts", at(gateway, server, "hosts").key()) for gateway, server in servers
            ]
            return ending(
                Outcome.FAILED,
                steps,
                f"no server on port {request.port} takes `{request.host}`: 404, or a closed connection with TLS",
            )
        gateway, server = taking[0]
        steps = [
            Step(
                f"Gateway `{_name(self._mesh, gateway)}` takes `{request.host}` on port {request.port}",
                at(gateway, server, "hosts").key(),
            )
        ]
        return self._at_server(gateway, server, request, labels, steps)

    def _at_server(
        self, gateway: Gateway, server: Server, request: Request, labels: Mapping[str, str], steps: list[Step]
    ) -> Decision:
        protocol = server.port.protocol or "" if server.port else ""
        speaks_tls = is_tls(protocol)
        mode = (server.tls.mode or "PASSTHROUGH") if server.tls and speaks_tls else None
        if speaks_tls != (request.scheme == "https"):
            wants = "TLS" if speaks_tls else "plain text"
            return ending(
                Outcome.FAILED,
                steps,
                f"the server takes {wants}: the connection is closed",
                at(gateway, server, "port"),
            )
        if server.tls is not None and server.tls.https_redirect and not speaks_tls:
            return ending(
                Outcome.ANSWERED, steps, "301 to https, by `httpsRedirect`", at(gateway, server.tls, "https_redirect")
            )
        name = _name(self._mesh, gateway)
        client = Client(self._mesh.namespace(gateway), labels, frozenset({name}))
        claims = [
            item
            for item in self._bindings.at_gateway(name, request.host, client)
            if any(
                host.takes(request.host, self._mesh.namespace(item))
                for host in self._mesh.gateways.hosts(gateway, server)
            )
        ]
        if not claims:
            return ending(Outcome.FAILED, steps, f"no VirtualService bound to it takes `{request.host}`: 404")
        if mode == "PASSTHROUGH" or not (is_http(protocol) or protocol.upper() == "HTTPS"):
            return self._by_connection(claims, client, request, steps, None)
        return self._by_routes(claims, client, request, steps, None)

    def _serves(self, gateway: Gateway, server: Server, host: str) -> bool:
        return any(item.takes(host, item.namespace or "") for item in self._mesh.gateways.hosts(gateway, server))

    def _from_sidecar(self, client: Client, request: Request) -> Decision:
        services = [
            item for item in self._mesh.callers.named(request.host, client.namespace) if self._is_visible(item, client)
        ]
        if not services:
            return self._without_service(client, request)
        service = services[0]
        host = self._host(service, request.host)
        steps = [Step(f"`{request.host}` is {service.kind} `{_name(self._mesh, service)}`", at(service))]
        seen = self._mesh.sidecars.sees(client.namespace, host, client.labels)
        if seen is Answer.NO:
            return self._outside(steps, "a Sidecar hides it from the client")
        if seen is Answer.UNKNOWN:
            steps.append(
                Step("which Sidecar holds for the client is not known; it is taken to let the service through")
            )
        protocol = _protocol(service, request.port)
        if protocol is None:
            return self._outside(steps, f"it has no port {request.port}")
        claims = self._bindings.of_sidecars(host, client)
        if request.scheme == "https" or protocol.is_tls or protocol.is_tcp:
            if request.scheme == "http" and not protocol.is_tls:
                steps.append(
                    Step(
                        f"port {request.port} is {protocol.value}: HTTP routes do not apply",
                        at(service, None, "spec", "ports"),
                    )
                )
            return self._by_connection(claims, client, request, steps, service)
        if self._mesh.of_class("HTTPRoute") or self._mesh.of_class("GRPCRoute"):
            from meshlint.mesh.http_routing import HttpRouting

            decision = HttpRouting(self._mesh).in_sidecar(service, claims, client, request, steps)
            if decision is not None:
                return decision
        return self._by_routes(claims, client, request, steps, service)

    def _without_service(self, client: Client, request: Request) -> Decision:
        """A host that no service has: sidecars know it on port 80 if a VirtualService is about it."""
        claims = (
            self._bindings.of_sidecars(request.host, client) if request.port == 80 and request.scheme == "http" else ()
        )
        if claims:
            return self._by_routes(
                claims, client, request, [Step(f"no service of the input is called `{request.host}`")], None
            )
        return self._outside([], f"no service of the input is called `{request.host}`")

    def _outside(self, steps: list[Step], why: str) -> Decision:
        if self._mesh.settings.outbound_policy == "REGISTRY_ONLY":
            return ending(Outcome.FAILED, steps, f"{why}: 502, since the mesh lets nothing else out (REGISTRY_ONLY)")
        return ending(
            Outcome.PASSED, steps, f"{why}: it goes to the address it was sent to, without routes or policies"
        )

    def _by_routes(
        self,
        claims: Sequence[VirtualService],
        client: Client,
        request: Request,
        steps: list[Step],
        service: Selecting | None,
    ) -> Decision:
        """The HTTP routes: those of the oldest VirtualService in a sidecar, of all of them one by one at a gateway."""
        considered = claims[:1] if MESH in client.gateways else claims
        if len(claims) > 1 and len(considered) == 1:
            steps.append(
                Step(f"{len(claims)} VirtualServices are about this host; the oldest wins, taken to be the first here")
            )
        if not considered and service is not None:
            return self._by_default(client, request, steps, service)
        for virtual_service in considered:
            steps.append(
                Step(
                    f"VirtualService `{_name(self._mesh, virtual_service)}` routes it",
                    at(virtual_service, None, "spec", "hosts").key(),
                )
            )
            if not self._mesh.delegates.is_complete(virtual_service):
                steps.append(Step("one of its delegates is not in the input"))
            for merged in self._mesh.delegates.routes(virtual_service):
                reason = self._refusal(merged, client, request, virtual_service)
                label = _label(merged)
                place = _place(merged)
                if reason is None:
                    steps.append(Step(f"{label} takes it", place))
                    return self._act(merged, virtual_service, client, request, steps, service)
                steps.append(Step(f"{label} does not: {reason.removeprefix('? ')}", place))
                if reason.startswith("?"):
                    return ending(
                        Outcome.UNKNOWN, steps, "whether this route takes the request cannot be told here", place
                    )
        return ending(Outcome.FAILED, steps, "no route takes it: 404")

    def _refusal(
        self, merged: MergedRoute, client: Client, request: Request, virtual_service: VirtualService
    ) -> str | None:
        bound = resolved_gateways(virtual_service, self._mesh.namespace(virtual_service))
        spec_gateways = (virtual_service.spec.gateways if virtual_service.spec else None) or (MESH,)
        reasons = []
        for match in merged.route.match or ():
            found = list(refusals(match, request, client, bound))
            if not found:
                return None
            reasons.append(next((reason for reason in found if not reason.startswith("?")), found[0]))
        if not reasons:
            own = {bound.get(name, name) for name in spec_gateways}
            return None if not client.gateways.isdisjoint(own) else "it is for other gateways"
        return next((reason for reason in reasons if reason.startswith("?")), reasons[0])

    def _act(
        self,
        merged: MergedRoute,
        virtual_service: VirtualService,
        client: Client,
        request: Request,
        steps: list[Step],
        service: Selecting | None,
    ) -> Decision:
        route, owner = merged.route, merged.origin.virtual_service
        if route.redirect is not None:
            code = route.redirect.redirect_code or 301
            where = route.redirect.uri or route.redirect.authority or route.redirect.scheme or "another place"
            return ending(
                Outcome.ANSWERED,
                steps,
                f"{code} to `{where}`",
                at(owner, merged.origin.route, "redirect").key(),
                merged,
            )
        if route.direct_response is not None:
            text = f"the proxy answers {route.direct_response.status} by itself"
            return ending(Outcome.ANSWERED, steps, text, _field(merged, virtual_service, "direct_response"), merged)
        if not route.route:
            return ending(Outcome.FAILED, steps, "the route leads nowhere: 404", None, merged)
        steps += self._settings(merged, virtual_service)
        weighted = [(item.destination, item.weight or 0) for item in route.route if item.destination is not None]
        found = targets(self._mesh, weighted, owner, client, _port(request, service))
        return reached(found, steps, merged)

    def _settings(self, merged: MergedRoute, virtual_service: VirtualService) -> Iterator[Step]:
        """Fault, rewrite, timeout and retries in force on a route, with the places that say so."""
        route = merged.route
        if route.fault is not None:
            yield Step("a fault is injected", _field(merged, virtual_service, "fault"))
        if route.rewrite is not None:
            new = route.rewrite.uri or route.rewrite.authority or "an expression"
            yield Step(f"it is rewritten to `{new}`", _field(merged, virtual_service, "rewrite"))
        if route.timeout is not None:
            yield Step(f"timeout {route.timeout} for all tries together", _field(merged, virtual_service, "timeout"))
        else:
            yield Step("no timeout")
        place = _field(merged, virtual_service, "retries") if route.retries else None
        yield retrying(self._mesh, route.retries, place)

    def _by_default(self, client: Client, request: Request, steps: list[Step], service: Selecting) -> Decision:
        steps += [
            Step("no VirtualService is about it: its own endpoints take all requests"),
            Step("no timeout"),
            retrying(self._mesh, None, None),
        ]
        found = targets(self._mesh, [(None, 0)], service, client, request.port, self._host(service, request.host))
        return reached(found, steps)

    def _by_connection(
        self,
        claims: Sequence[VirtualService],
        client: Client,
        request: Request,
        steps: list[Step],
        service: Selecting | None,
    ) -> Decision:
        for virtual_service in claims:
            spec = virtual_service.spec
            bound = resolved_gateways(virtual_service, self._mesh.namespace(virtual_service))
            routes: Sequence[TLSRoute | TCPRoute] = (
                () if spec is None else (spec.tls or ()) if request.scheme == "https" else (spec.tcp or ())
            )
            for number, route in enumerate(routes, 1):
                matches = route.match or ()
                reasons = [list(l4_refusals(match, request, client, bound)) for match in matches]
                if matches and all(reasons):
                    steps.append(
                        Step(
                            f"route {number} does not take it: {reasons[0][0].removeprefix('? ')}",
                            at(virtual_service, route, "match").key(),
                        )
                    )
                    continue
                steps.append(
                    Step(
                        f"VirtualService `{_name(self._mesh, virtual_service)}`: route {number} takes the connection",
                        at(virtual_service, route, "route").key(),
                    )
                )
                weighted = [
                    (item.destination, item.weight or 0) for item in route.route or () if item.destination is not None
                ]
                found = targets(self._mesh, weighted, virtual_service, client, _port(request, service))
                return reached(found, steps)
        if service is None:
            return ending(Outcome.FAILED, steps, "no route takes the connection: it is closed")
        steps.append(Step("no route is about the connection: the service's own endpoints take it"))
        return reached(
            targets(self._mesh, [(None, 0)], service, client, request.port, self._host(service, request.host)),
            steps,
        )

    def _is_visible(self, service: Selecting, client: Client) -> bool:
        return self._mesh.visibility.visible(service, client.namespace)

    def _host(self, service: Selecting, written: str) -> str:
        if isinstance(service, Service):
            return f"{service.name}.{self._mesh.namespace(service)}.svc.{self._mesh.settings.cluster_domain}"
        return written


def _protocol(service: Selecting, number: int) -> Protocol | None:
    if isinstance(service, Service):
        port = find_port(service, number)
        return selected(port) if port is not None else None
    return next((parse(port.protocol) for port in service.ports if port.number == number), None)


def _port(request: Request, service: Selecting | None) -> int | None:
    return request.port if service is not None else None


def _name(mesh: Mesh, resource: VirtualService | Gateway | Selecting) -> str:
    return f"{mesh.namespace(resource)}/{resource.name}"


def _label(merged: MergedRoute) -> str:
    origin: Origin = merged.origin
    routes = origin.virtual_service.http
    number = next(index for index, route in enumerate(routes, 1) if route is origin.route)
    name = f" `{origin.route.name}`" if origin.route.name else ""
    return f"route {number}{name}" + (
        f" of delegate `{origin.virtual_service.name}`" if origin.through is not None else ""
    )


def _place(merged: MergedRoute) -> Place:
    origin = merged.origin
    field = "match" if origin.route.match else "route" if origin.route.route else None
    return at(origin.virtual_service, origin.route, *([field] if field else [])).key()


def _field(merged: MergedRoute, root: VirtualService, field: str) -> Place:
    owner, route = merged.owner(field)
    return at(owner or root, route, field)
