"""How does a client's proxy speak to each endpoint of a service: mesh mTLS, TLS of its own, or plain text?

Decided by `pilot/pkg/networking/core/cluster_tls.go` (buildUpstreamTLSSettings), `pilot/pkg/model/push_context.go`
(BestEffortInferServiceMTLSMode) and `pilot/pkg/xds/endpoints/mtls_checker.go`, in this order:

1. Traffic that the proxy does not know a cluster for passes through as it is, that is in plain text:
   a hidden service, an undeclared port.
2. `tls` of the DestinationRule in force, the port's entry replacing the host's, decides for all endpoints.
3. Without it auto mTLS asks each endpoint whether it has a sidecar, and its port for its mode; but
   services outside the mesh, and those of a namespace whose mode is DISABLE, get plain text.
4. Clusters without load balancing (headless, `PASSTHROUGH`, resolution NONE) cannot ask: mTLS, if
   every endpoint has a sidecar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.endpoints import TLS_MODE, Endpoint, Endpoints, port_of
from meshlint.mesh.host_names import service_of
from meshlint.mesh.server_mtls import Mode, ServerModes
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.service import Service

if TYPE_CHECKING:
    from meshlint.mesh.capture import Capture
    from meshlint.mesh.destination_rules import Lookup
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Selecting
    from meshlint.model.networking.destination_rule import DestinationRule
    from meshlint.model.networking.traffic_policy import ClientTLSSettings, TrafficPolicy

_MAX_ALIASES = 8
"""How many ExternalName services are followed one after the other; more are a circle."""


class Wire(str, Enum):
    """What goes over the wire."""

    PLAIN = "plain text"
    MESH = "mesh mTLS"
    """Istio's mutual TLS, by sidecar or ztunnel."""
    OWN_TLS = "TLS of its own"
    """SIMPLE or MUTUAL of a DestinationRule: TLS without the mesh's identity, which STRICT refuses."""


class Connection(msgspec.Struct, frozen=True, eq=False):
    """How a client speaks to an endpoint, or to a service of which no endpoint is known."""

    wire: Wire | None
    """None: the files do not tell."""
    reason: str
    """What decides it, to be read after *because of*."""
    endpoint: Endpoint | None = None
    rule: DestinationRule | None = None
    """The DestinationRule that decides it."""
    tls: ClientTLSSettings | None = None
    """The settings of the rule that decide it."""


class _Call(msgspec.Struct, frozen=True, eq=False):
    """A question: a client, and what it calls."""

    namespace: str
    client: Workload | None
    is_gateway: bool
    service: Selecting
    home: str
    """The namespace of the service."""
    host: str
    port: int
    subset: str | None


class Clients:
    """The client side of mTLS."""

    def __init__(self, mesh: Mesh, server: ServerModes, capture: Capture) -> None:
        self._mesh = mesh
        self._server = server
        self._capture = capture
        self.endpoints = Endpoints(mesh)

    def connections(
        self, client: Workload | str, service: Selecting, port: int, subset: str | None = None, host: str | None = None
    ) -> Sequence[Connection]:
        """How a client speaks to the endpoints of a service's port (the number that the service declares).

        `client` is a workload, or the namespace of one that is in the mesh. `host` is the name the
        client uses, where a ServiceEntry has several. One connection for each endpoint that the
        input shows; a single one without endpoint where it shows none.
        """
        workload = client if isinstance(client, Workload) else None
        if isinstance(service, Service) and service.is_external_name:
            return self._aliased(client, service, port, subset)
        if port_of(service, port) is None:
            return (Connection(Wire.PLAIN, f"port {port}, which the service does not declare"),)
        namespace = workload.namespace if workload else str(client)
        home, own_host = self._home(service, namespace)
        call = _Call(
            namespace=namespace,
            client=workload,
            is_gateway=workload is not None and self._mesh.injection.gateway(workload) is Answer.YES,
            service=service,
            home=home,
            host=host or own_host,
            port=port,
            subset=subset,
        )
        whole = (self._unsent(workload, port) if workload else None) or self._hidden(call)
        if whole is not None:
            return tuple(self._to_all(call, whole))
        if self._is_ambient(workload):
            return tuple(self._from_ztunnel(call))
        return tuple(self._from_proxy(call))

    def _to_all(self, call: _Call, whole: Connection) -> Iterator[Connection]:
        """The same connection to every endpoint of a service, or to the service if none is known."""
        for endpoint in self.endpoints.of_port(call.service, call.port, call.home) or (None,):
            yield Connection(whole.wire, whole.reason, endpoint, whole.rule, whole.tls)

    def _is_ambient(self, workload: Workload | None) -> bool:
        return workload is not None and self._mesh.injection.ambient(workload) is Answer.YES

    def _unsent(self, client: Workload, port: int) -> Connection | None:
        """A connection that no proxy of the client's takes part in."""
        injection = self._mesh.injection
        in_mesh = injection.in_mesh(client)
        if in_mesh is Answer.NO:
            return Connection(
                Wire.PLAIN, f"the client, which has no sidecar because of {injection.state(client).reason}"
            )
        if in_mesh is Answer.UNKNOWN:
            return Connection(None, "the client, of which no file says whether it has a sidecar")
        if self._is_ambient(client) or injection.gateway(client) is Answer.YES:
            return None
        captured = self._capture.outbound(client, port)
        if captured is Answer.NO:
            return Connection(Wire.PLAIN, f"annotations that lead port {port} past the client's sidecar")
        if captured is Answer.UNKNOWN:
            return Connection(None, "annotations of the client that lead some addresses past its sidecar")
        return None

    def _aliased(self, client: Workload | str, service: Service, port: int, subset: str | None) -> Sequence[Connection]:
        """The connections to what an ExternalName service stands for (aliases: `ENABLE_EXTERNAL_NAME_ALIAS`)."""
        seen = [service]
        while len(seen) < _MAX_ALIASES:
            target = ((seen[-1].spec.external_name if seen[-1].spec else None) or "").rstrip(".")
            targets = self._mesh.hosts.named(target, self._mesh.namespace(seen[-1])) if "." in target else ()
            services = [item for item in targets if isinstance(item, Service)]
            if not services:
                wire = None if service_of(target) else Wire.PLAIN
                return (Connection(wire, f"`externalName: {target}`, which no Service of the input has"),)
            if not services[0].is_external_name:
                return self.connections(client, services[0], port, subset)
            seen.append(services[0])
        return (Connection(None, "aliases that lead in a circle"),)

    def _home(self, service: Selecting, namespace: str) -> tuple[str, str]:
        """The namespace and the host of a service for a client: of several builds the one of its own namespace."""
        identities = sorted(self._mesh.identities(service))
        home, name = next((item for item in identities if item[0] == namespace), identities[0])
        if isinstance(service, Service):
            return home, f"{name}.{home}.svc.{self._mesh.settings.cluster_domain}"
        return home, service.hosts[0] if service.hosts else ""

    def _hidden(self, call: _Call) -> Connection | None:
        """A service that the client's proxy does not know: its traffic passes through."""
        if not self._mesh.visibility.visible(call.service, call.namespace):
            return Connection(Wire.PLAIN, f"`exportTo`, which hides the service from `{call.namespace}`")
        discovered = self._mesh.settings.discovers(call.home)
        if discovered is not Answer.YES:
            wire = Wire.PLAIN if discovered is Answer.NO else None
            return Connection(wire, f"`discoverySelectors`, which leave out `{call.home}`")
        if call.is_gateway or self._is_ambient(call.client):
            return None
        sees = self._mesh.sidecars.sees(call.namespace, call.host, call.client.labels if call.client else None)
        if sees is Answer.YES:
            return None
        wire = Wire.PLAIN if sees is Answer.NO else None
        return Connection(wire, f"a Sidecar of `{call.namespace}`, which does not import the service")

    def _from_proxy(self, call: _Call) -> Iterator[Connection]:
        labels = call.client.labels if call.client else None
        lookup = self._mesh.destination_rules.for_host(call.host, call.namespace, labels)
        if lookup.answer is Answer.UNKNOWN and (lookup.rules or (lookup.namespace and labels is None)):
            yield Connection(None, "DestinationRules of which the files do not tell which is in force")
            return
        policy = lookup.policy(call.port, call.subset)
        if policy is not None and policy.tls is not None:
            yield from self._by_rule(call, lookup, policy.tls)
        else:
            yield from self._by_auto_mtls(call, lookup, policy)

    def _by_rule(self, call: _Call, lookup: Lookup, tls: ClientTLSSettings) -> Iterator[Connection]:
        rule = _owner(lookup, tls)
        wire, reason = _wire(tls, rule, is_gateway=call.is_gateway)
        yield from self._to_all(call, Connection(wire, reason, None, rule, tls))

    def _by_auto_mtls(self, call: _Call, lookup: Lookup, policy: TrafficPolicy | None) -> Iterator[Connection]:
        endpoints = self.endpoints.of_port(call.service, call.port, call.home)
        whole = self._without_mtls(call) or self._passed_through(call, policy, endpoints)
        if whole is not None:
            yield from self._to_all(call, whole)
            return
        if not endpoints:
            known = endpoints is not None
            yield Connection(
                Wire.PLAIN if known else None, "a service without endpoints" if known else "unknown endpoints"
            )
            return
        lost = _lost_mode(lookup, call.subset)
        disputed = _disputed_mode(lookup, call.subset) if lost is None else None
        if disputed is not None:
            reason = "`tls` of the host, which releases of Istio take for that of a subset or do not"
            yield from self._to_all(call, Connection(None, reason, None, _owner(lookup, disputed), disputed))
            return
        for endpoint in endpoints:
            yield self._to_endpoint(endpoint, lost, lookup)

    def _without_mtls(self, call: _Call) -> Connection | None:
        """What makes istiod build a cluster without mTLS, whatever its endpoints are."""
        if not self._mesh.settings.auto_mtls:
            return Connection(Wire.PLAIN, "`enableAutoMtls: false`")
        if _is_external(call.service):
            return Connection(Wire.PLAIN, "`location: MESH_EXTERNAL`, the default of a ServiceEntry")
        modes = self._server.of_namespace(call.home)
        if Mode.DISABLE in modes.possible:
            wire = Wire.PLAIN if modes.mode is Mode.DISABLE else None
            return Connection(wire, f"the mode DISABLE of the namespace `{call.home}`")
        return None

    def _passed_through(
        self, call: _Call, policy: TrafficPolicy | None, endpoints: Sequence[Endpoint] | None
    ) -> Connection | None:
        """A cluster that sends to the address the client asked for, and cannot tell its endpoints apart.

        Gateways have no such clusters; but the question whether all have a sidecar is asked for them too.
        """
        if not _is_passthrough(call.service, policy):
            return None
        if endpoints is None:
            return Connection(None, "unknown endpoints")
        takes = {endpoint.takes_mtls for endpoint in endpoints}
        if not endpoints or Answer.NO in takes:
            return Connection(Wire.PLAIN, "an endpoint without sidecar of a service without load balancing")
        if Answer.UNKNOWN in takes:
            return Connection(None, "an endpoint of which no file says whether it has a sidecar")
        return None if call.is_gateway else Connection(Wire.MESH, "sidecars of all endpoints")

    def _to_endpoint(self, endpoint: Endpoint, lost: ClientTLSSettings | None, lookup: Lookup) -> Connection:
        if lost is not None and lost.mode != "ISTIO_MUTUAL":
            rule = _owner(lookup, lost)
            return Connection(
                Wire.PLAIN, "`tls` of the host, of which the port's entry says nothing", endpoint, rule, lost
            )
        workload = endpoint.workload
        if self._is_ambient(workload):
            wire = Wire.MESH if self._mesh.settings.speaks_hbone else None
            return Connection(wire, "an endpoint in ambient mode", endpoint)
        if endpoint.takes_mtls is not Answer.YES:
            wire = Wire.PLAIN if endpoint.takes_mtls is Answer.NO else None
            is_machine = workload is None or workload.is_machine
            missing = f"`serviceAccount` or `{TLS_MODE}`" if is_machine else "sidecar"
            return Connection(wire, f"an endpoint without {missing}", endpoint)
        if workload is not None and lost is None:
            modes = self._server.of_workload(workload, endpoint.port)
            if Mode.DISABLE in modes.possible:
                wire = Wire.PLAIN if modes.mode is Mode.DISABLE else None
                return Connection(wire, "the mode DISABLE of the endpoint's port", endpoint)
        return Connection(Wire.MESH, "auto mTLS", endpoint)

    def _from_ztunnel(self, call: _Call) -> Iterator[Connection]:
        """Ztunnel speaks HBONE to what takes it, and plain text else; DestinationRules need a waypoint."""
        for endpoint in self.endpoints.of_port(call.service, call.port, call.home) or (None,):
            workload = endpoint.workload if endpoint else None
            ambient = self._mesh.injection.ambient(workload) if workload else Answer.UNKNOWN
            in_mesh = self._mesh.injection.in_mesh(workload) if workload else Answer.UNKNOWN
            if ambient is Answer.YES:
                yield Connection(Wire.MESH, "ambient mode of both ends", endpoint)
            elif in_mesh is Answer.NO:
                yield Connection(Wire.PLAIN, "an endpoint that is not in the mesh", endpoint)
            else:
                yield Connection(None, "an endpoint that ztunnel may not reach by HBONE", endpoint)


def _is_external(service: Selecting) -> bool:
    if isinstance(service, Service):
        return False
    return service.spec is None or service.spec.location != "MESH_INTERNAL"


def _is_passthrough(service: Selecting, policy: TrafficPolicy | None) -> bool:
    """Whether the cluster is one of the original destination."""
    balancer = policy.load_balancer if policy else None
    if balancer is not None and balancer.simple == "PASSTHROUGH":
        return True
    if isinstance(service, Service):
        return service.is_headless
    return service.spec is not None and service.spec.resolution in {None, "NONE"}


def _wire(tls: ClientTLSSettings, rule: DestinationRule | None, *, is_gateway: bool) -> tuple[Wire, str]:
    """What a rule's `tls` sends, and why (`buildUpstreamClusterTLSContext`)."""
    name = rule.name if rule else ""
    mode = tls.mode or "DISABLE"
    if mode == "ISTIO_MUTUAL":
        return Wire.MESH, f"`mode: ISTIO_MUTUAL` of the DestinationRule `{name}`"
    if mode == "DISABLE":
        written = "`mode: DISABLE`" if tls.mode else "`tls` without a mode, which means DISABLE,"
        return Wire.PLAIN, f"{written} of the DestinationRule `{name}`"
    credential = tls.credential_name
    selects = rule is not None and rule.spec is not None and rule.spec.workload_selector is not None
    if credential and not credential.startswith(("configmap://", "invalid://")) and not is_gateway and not selects:
        return (
            Wire.PLAIN,
            f"`credentialName` of the DestinationRule `{name}`, which sidecars do not read without a selector",
        )
    return Wire.OWN_TLS, f"`mode: {mode}` of the DestinationRule `{name}`"


def _lost_mode(lookup: Lookup, subset: str | None) -> ClientTLSSettings | None:
    """The `tls` that a port's entry without `tls` loses for the cluster, but not for the endpoints.

    `tlsModeForDestinationRule` in `mtls_checker.go` still sees it, and takes mTLS from the endpoints if it is
    not ISTIO_MUTUAL; if it is, nobody asks for the mode of the endpoint's port.
    """
    named = lookup.subset(subset) if subset else None
    top = lookup.top_policy()
    policy = (named[1].traffic_policy if named else None) if subset else (top[1] if top else None)
    return policy.tls if policy else None


def _disputed_mode(lookup: Lookup, subset: str | None) -> ClientTLSSettings | None:
    """The `tls` of the host that keeps the endpoints of a subset from mTLS, or does not: that hangs on the release.

    `tlsModeForDestinationRule` falls back from the subset to the host since the summer of 2026.
    """
    top = lookup.top_policy() if subset else None
    tls = top[1].tls if top else None
    return tls if tls is not None and tls.mode != "ISTIO_MUTUAL" else None


def _owner(lookup: Lookup, tls: ClientTLSSettings) -> DestinationRule | None:
    """The rule that a `tls` message is written in."""
    return next((rule for rule in lookup.rules if any(own is tls for own in rule.tls_settings())), None)
