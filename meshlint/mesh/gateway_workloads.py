"""Which pods are a Gateway's, and which ports do Services lead to them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.injection import GATEWAY_NAME
from meshlint.mesh.protocols import Protocol, parse
from meshlint.mesh.references import UNKNOWN, Reference, found
from meshlint.mesh.services import container_port
from meshlint.mesh.trust import Sought
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.gateway import Gateway, Server

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.gateway_api.listener import Listener

_INSTALLED = {
    "istio": ("ingressgateway", "egressgateway", "eastwestgateway"),
    "app": ("istio-ingressgateway", "istio-egressgateway"),
}
"""Labels of gateways that the installation of Istio brings."""
_SCOPED = "PILOT_SCOPE_GATEWAY_TO_NAMESPACE"

_Key = tuple[str | None, tuple[tuple[str, str], ...]]


class Served(msgspec.Struct, frozen=True, eq=False):
    """Where clients reach the pods of a Gateway."""

    services: tuple[Service, ...]
    ports: frozenset[int]
    """Numbers that a server may have: of Service ports, and of the container ports they lead to."""


class GatewayWorkloads:
    """The pods of Gateways. What several Gateways of one selector ask is answered once."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._picked: dict[_Key, Sequence[Workload]] = {}
        self._served: dict[_Key, Served | None] = {}
        self._near: dict[_Key, str | None] = {}

    def of(self, gateway: Gateway) -> Sequence[Workload]:
        """The workloads that become this gateway: of any namespace, unless istiod is told otherwise.

        No label picks every gateway of the mesh (`pilot/pkg/model/push_context.go`, mergeGateways).
        """
        key = self._key(gateway)
        if key not in self._picked:
            picked = self._mesh.selectors.picked(key[0], gateway.selector)
            if not gateway.selector:
                picked = [item for item in picked if self._mesh.injection.gateway(item) is Answer.YES]
            self._picked[key] = picked
        return self._picked[key]

    def resolve(self, gateway: Gateway) -> Reference:
        """What the selector of a Gateway leads to. NO: no pod has the labels, and there is evidence.

        Gateways are mostly installed from elsewhere, so evidence is a gateway of the input with
        nearly these labels; with `--scope complete`, that no pod has them.
        """
        if not gateway.selector:
            return UNKNOWN
        picked = self.of(gateway)
        if picked:
            return found(*dict.fromkeys(item.resource for item in picked))
        spelled = ", ".join(f"{key}: {value}" for key, value in gateway.selector.items())
        sought = Sought("Workload", self._mesh.namespace(gateway), spelled, gateway)
        if self.comes_with_istio(gateway.selector):
            return self._mesh.trust.unknown(sought)
        return self._mesh.trust.judge(sought, lambda: self._nearest(gateway), lambda: False)

    def served(self, gateway: Gateway) -> Served | None:
        """The ports that Services lead to the pods of a Gateway; None where that cannot be told.

        A server of port 443 takes what comes in by the Service port 443, wherever it leads, and what
        reaches the container port 443 (`pilot/pkg/model/gateway.go`, MergeGateways). Pods on the
        host's network, or with a host port, need no Service.
        """
        key = self._key(gateway)
        if key not in self._served:
            self._served[key] = self._reached(self.of(gateway))
        return self._served[key]

    def namespaces(self, gateway: Gateway) -> Sequence[str]:
        """The namespaces that hold pods of a Gateway: where its Secrets must be."""
        return sorted({item.namespace for item in self.of(gateway)})

    def _reached(self, workloads: Sequence[Workload]) -> Served | None:
        services: dict[Service, None] = {}
        ports: set[int] = set()
        for workload in workloads:
            if workload.host_network or any(port.host_port for port in workload.ports):
                return None
            for service in self._mesh.services.of_workload(workload):
                if not isinstance(service, Service):
                    return None
                services[service] = None
                for port in service.ports:
                    if (port.protocol or "TCP") == "TCP":
                        ports.update(number for number in (port.port, container_port(port, workload)) if number)
        return Served(tuple(services), frozenset(ports)) if services and self._are_all(services) else None

    def _are_all(self, services: Iterable[Service]) -> bool:
        """Whether no other Service of the pods, and no other port of these, may come from unread input."""
        scope = self._mesh.context.scope
        if scope is not Scope.AUTO:
            return scope is Scope.COMPLETE
        clouded = self._mesh.trust.is_clouded
        return not any(clouded(Sought("Service", self._mesh.namespace(item), "", item)) for item in services)

    def comes_with_istio(self, labels: Mapping[str, str]) -> bool:
        """Whether labels pick a gateway that is in no file: one of the installation, or that istiod makes for a Gateway."""
        if any(labels.get(key) in values for key, values in _INSTALLED.items()):
            return True
        return GATEWAY_NAME in labels and labels[GATEWAY_NAME] in self._made_passes_connections

    def _nearest(self, gateway: Gateway) -> str | None:
        key = self._key(gateway)
        if key not in self._near:
            near = (self._mesh.selectors.near(namespace, gateway.selector) for namespace in self._namespaces)
            self._near[key] = next((label for label in near if label), None)
        return self._near[key]

    def possible_in(self, namespace: str) -> Sequence[Gateway]:
        """The Gateways with pods in a namespace; those of the namespace itself, where no file has their pods."""
        return self._by_home.get(namespace, ())

    @cached_property
    def _by_home(self) -> Mapping[str, Sequence[Gateway]]:
        index: dict[str, list[Gateway]] = {}
        for gateway in self._mesh.all(Gateway):
            for namespace in {item.namespace for item in self.of(gateway)} or {self._mesh.namespace(gateway)}:
                index.setdefault(namespace, []).append(gateway)
        return index

    def take_requests_only(self, labels: Mapping[str, str]) -> bool:
        """Whether pods with these labels are gateways, of whose servers in the input none passes mere connections on.

        Gateways of which these pods may be too, by labels that are not said here, count as theirs. The
        pods that istiod makes for a Gateway of the Gateway API have its name as a label.
        """
        made_for = labels.get(GATEWAY_NAME)
        if made_for is not None:
            return self._made_passes_connections.get(made_for) is False
        pods = frozenset(labels.items())
        theirs = [key for key in self._passes_connections if key and key <= pods]
        return bool(theirs) and not any(
            passes and all(labels.get(name, value) == value for name, value in key)
            for key, passes in self._passes_connections.items()
        )

    @cached_property
    def _passes_connections(self) -> Mapping[frozenset[tuple[str, str]], bool]:
        """For each selector of Gateways whether some server of them takes connections of another kind than HTTP."""
        index: dict[frozenset[tuple[str, str]], bool] = {}
        for gateway in self._mesh.all(Gateway):
            key = frozenset(gateway.selector.items())
            index[key] = index.get(key, False) or any(map(_passes_connections, gateway.servers))
        return index

    @cached_property
    def _made_passes_connections(self) -> Mapping[str, bool]:
        """The same by the name of a Gateway of the Gateway API, whatever its namespace."""
        from meshlint.model.gateway_api import gateway as gateway_api

        index: dict[str, bool] = {}
        for gateway in self._mesh.all(gateway_api.Gateway):
            passes = any(map(_listens_for_connections, gateway.listeners))
            for _, name in self._mesh.identities(gateway):
                index[name] = index.get(name, False) or passes
        return index

    @cached_property
    def _namespaces(self) -> Sequence[str]:
        """The namespaces that surely hold a gateway."""
        gateways = (item for item in self._mesh.workloads.all if self._mesh.injection.gateway(item) is Answer.YES)
        return sorted({item.namespace for item in gateways})

    @cached_property
    def is_scoped(self) -> bool:
        """Whether a Gateway is about pods of its own namespace only."""
        return (self._mesh.settings.environment(_SCOPED) or "").lower() == "true"

    def _key(self, gateway: Gateway) -> _Key:
        home = self._mesh.namespace(gateway) if self.is_scoped else None
        return home, tuple(sorted(gateway.selector.items()))


def _passes_connections(server: Server) -> bool:
    """Whether a server is not surely one of requests: HTTP, or HTTPS that ends here."""
    protocol = parse(server.port.protocol if server.port else None)
    ends_here = server.tls is not None and (server.tls.mode or "PASSTHROUGH") not in {"PASSTHROUGH", "AUTO_PASSTHROUGH"}
    return not (protocol.is_http or (protocol is Protocol.HTTPS and ends_here))


def _listens_for_connections(listener: Listener) -> bool:
    """The same for a listener, whose TLS ends here unless it says otherwise."""
    passed_on = listener.tls is not None and listener.tls.mode == "Passthrough"
    return listener.protocol not in {"HTTP", "HTTPS"} or passed_on
