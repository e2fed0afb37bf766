"""Which workloads stand behind a Service or a ServiceEntry, and which of their ports does it reach?

Decided by `pilot/pkg/serviceregistry/kube/controller` (endpoints, FindPort) and
`pilot/pkg/serviceregistry/serviceentry` (workloadSelector).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.selectors import is_added
from meshlint.mesh.trust import Sought
from meshlint.model.kubernetes.service import Service, ServicePort
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.networking.service_entry import ServicePort as EntryPort

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.references import Reference
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource

Selecting = Service | ServiceEntry
"""What may select workloads."""

_NUMBERS = r"\d+"
_TRANSPORTS = frozenset({"TCP", "UDP", "SCTP"})
_PROXY_PORT_NAME = "http-envoy-prom"
"""The one port that the proxy's container has a name for (`injection-template.yaml` of istiod's chart)."""
_NOT_ASKED = frozenset({"false", "disabled"})
_NOTHING: Mapping[str, str] = {}


class Route(msgspec.Struct, frozen=True, eq=False):
    """The way from a port of a service to a port of a workload."""

    service: Selecting
    port: ServicePort | EntryPort
    workload: Workload
    target: int
    """The port of the workload: the key of `portLevelMtls`."""


class Services:
    """The Services and ServiceEntries of workloads, and the workloads of them."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._routes: dict[Workload, tuple[Route, ...]] = {}

    def of(self, namespace: str) -> Sequence[Service]:
        """The Services of a namespace, under every identity a build gives them."""
        return self._by_namespace.get(namespace, ())

    def workloads(self, service: Selecting) -> Sequence[Workload]:
        """The workloads that a Service or ServiceEntry selects, in every namespace a build takes it to.

        None for one without selector, whose endpoints are written elsewhere, and for an
        ExternalName, which is only an alias.
        """
        return self._selected.get(service, ())

    def of_workload(self, workload: Workload) -> Sequence[Selecting]:
        """The Services, then the ServiceEntries, that select a workload."""
        return self._by_workload.get(workload, ())

    def resolve(self, service: Selecting) -> Reference:
        """What the selector of a service leads to; unknown for a service that selects nothing by design."""
        return self._mesh.selectors.resolve(service, selector(service))

    def having(self, service: Service, labels: Mapping[str, str]) -> Answer:
        """Whether some pods of a Service have further labels; unknown where not all of its pods are in the input."""
        namespaces = {workload.namespace for workload in self.workloads(service)}
        if not namespaces or not all(map(self._mesh.workloads.readable, namespaces)):
            return Answer.UNKNOWN
        wanted = {**selector(service), **labels}
        if "" in wanted.values() and any(not value and is_added(key) for key, value in wanted.items()):
            return Answer.NO
        for namespace in namespaces:
            if self._mesh.selectors.picks(namespace, wanted):
                return Answer.YES
        return Answer.NO

    def absent(self, service: Service, labels: Mapping[str, str], referrer: Resource) -> Reference:
        """Judge labels, written in `referrer`, that no pods of a Service have."""
        namespace = min(workload.namespace for workload in self.workloads(service))
        wanted = {**selector(service), **labels}
        spelled = ", ".join(f"{key}: {value}" for key, value in labels.items())
        sought = Sought("Workload", namespace, spelled, referrer)
        return self._mesh.trust.judge(sought, lambda: self._mesh.selectors.near(namespace, wanted), lambda: True)

    def routes(self, workload: Workload) -> Sequence[Route]:
        """Every way from a service port to a port of this workload; ports that cannot be told are left out."""
        found = self._routes.get(workload)
        if found is None:
            found = self._routes[workload] = tuple(self._routes_to(workload))
        return found

    def _routes_to(self, workload: Workload) -> Iterator[Route]:
        for service in self.of_workload(workload):
            for port in service.ports:
                target = container_port(port, workload)
                if target is not None:
                    yield Route(service, port, workload, target)

    def listens(self, workload: Workload, port: ServicePort | EntryPort) -> Answer:
        """Whether a container of the workload has the port that a service port leads to.

        A *named* target port exists or does not: Kubernetes looks it up in the template. A number
        that no container lists is only absent if every container lists its ports and none names it
        elsewhere; Kubernetes itself does not care for the list. A port of the proxy, also one that a
        Sidecar gives it, or of pods that a third party adds containers to, is in no template. A protocol that is none of a Service
        (`HTTP`) is for the API server to refuse.
        """
        protocol = transport(port)
        if protocol not in _TRANSPORTS:
            return Answer.UNKNOWN
        target = container_port(port, workload)
        if target is None:
            is_added = workload.is_machine or port.target_port == _PROXY_PORT_NAME or _gets_containers(workload)
            return Answer.UNKNOWN if is_added else Answer.NO
        for item in workload.ports:
            if item.container_port == target and (item.protocol or "TCP") == protocol:
                return Answer.YES
        from meshlint.mesh.capture import PROXY_PORTS

        if not workload.lists_ports or target in PROXY_PORTS or self._is_mentioned(target, workload):
            return Answer.UNKNOWN
        is_added = _gets_containers(workload) or self._mesh.sidecars.may_listen(
            workload.namespace, workload.labels, target
        )
        return Answer.UNKNOWN if is_added else Answer.NO

    def _is_mentioned(self, port: int, workload: Workload) -> bool:
        """Whether a container is told of a port: in its command, an argument, a variable, a probe, or a ConfigMap."""
        number = str(port)
        texts = (*_told(workload), *self._configuration(workload))
        return any(number in re.findall(_NUMBERS, text) for text in texts)

    def _configuration(self, workload: Workload) -> Iterator[str]:
        """The texts of the ConfigMaps that the pods mount, or take all variables from."""
        from meshlint.model.kubernetes.config import ConfigMap

        names = [volume.config_map.name for volume in workload.pod.volumes or () if volume.config_map]
        for container in workload.containers:
            names += [item.config_map_ref.name for item in container.env_from or () if item.config_map_ref]
        for name in dict.fromkeys(filter(None, names)):
            for resource in self._mesh.find("ConfigMap", workload.namespace, name):
                if isinstance(resource, ConfigMap):
                    yield from (resource.data or {}).values()

    @cached_property
    def _by_namespace(self) -> dict[str, list[Service]]:
        index: dict[str, list[Service]] = {}
        for service in self._mesh.all(Service):
            for namespace in self._mesh.homes(service):
                index.setdefault(namespace, []).append(service)
        return index

    @cached_property
    def _selected(self) -> dict[Selecting, list[Workload]]:
        index: dict[Selecting, list[Workload]] = {}
        services: list[Selecting] = [*self._mesh.all(Service), *self._mesh.all(ServiceEntry)]
        picked = self._mesh.selectors.picked
        for service in services:
            labels = selector(service)
            if labels:
                found = index[service] = []
                for namespace in self._mesh.homes(service):
                    found += picked(namespace, labels)
        return index

    @cached_property
    def _by_workload(self) -> dict[Workload, list[Selecting]]:
        index: dict[Workload, list[Selecting]] = {}
        for service, workloads in self._selected.items():
            for workload in workloads:
                index.setdefault(workload, []).append(service)
        return index


def selector(service: Selecting) -> Mapping[str, str]:
    """The labels a service selects workloads by; empty where it selects none.

    Kubernetes ignores the selector of an ExternalName service.
    """
    if isinstance(service, Service):
        return _NOTHING if service.is_external_name else service.selector
    chosen = service.spec.workload_selector if service.spec else None
    return chosen.wanted if chosen else _NOTHING


def find_port(service: Service, number: int) -> ServicePort | None:
    """The port of a Service with this number; several may share one that differ in transport: TCP first."""
    found = [port for port in service.ports if port.port == number]
    return next((port for port in found if transport(port) == "TCP"), found[0] if found else None)


def target_of(port: ServicePort | EntryPort) -> int | str | None:
    """What a service port leads to: a number, or the name of a container port.

    An absent target port is the port itself; `0` and `""` are absent to Kubernetes
    (`pkg/apis/core/v1/defaults.go`, SetDefaults_Service) and to Istio.
    """
    return port.target_port or (port.number if isinstance(port, EntryPort) else port.port)


def container_port(port: ServicePort | EntryPort, workload: Workload) -> int | None:
    """The port of the workload that a service port leads to; None where it has no port of that name.

    A Service's named target port is looked up among the container ports of the same transport
    (FindPort in `pilot/pkg/serviceregistry/kube/controller/util.go`). For a ServiceEntry, and for
    machines, the workload's port of the *service port's* name comes first, then the target port
    (`pilot/pkg/serviceregistry/serviceentry/conversion.go`, convertWorkloadInstanceToServiceInstance).
    """
    target = target_of(port)
    if workload.is_machine or isinstance(port, EntryPort):
        own = _machine_ports(workload).get(port.name or "") or (port.name and _named(workload, port.name, "TCP"))
        return own or (target if isinstance(target, int) else None)
    return _named(workload, target, transport(port)) if isinstance(target, str) else target


def _named(workload: Workload, name: str, transport: str) -> int | None:
    for port in workload.ports:
        if port.name == name and (port.protocol or "TCP") == transport:
            return port.container_port
    return None


def _machine_ports(workload: Workload) -> Mapping[str, int]:
    if not workload.is_machine:
        return {}
    from meshlint.model.networking.workload_entry import WorkloadEntry
    from meshlint.model.networking.workload_group import WorkloadGroup

    resource = workload.resource
    if isinstance(resource, WorkloadEntry):
        return (resource.spec.ports if resource.spec else None) or {}
    if isinstance(resource, WorkloadGroup) and resource.spec and resource.spec.template:
        return resource.spec.template.ports or {}
    return {}


def transport(port: ServicePort | EntryPort) -> str:
    """The transport protocol of a port."""
    if isinstance(port, EntryPort):
        return "UDP" if (port.protocol or "").upper() == "UDP" else "TCP"
    return port.protocol or "TCP"


def _told(workload: Workload) -> Iterator[str]:
    for container in workload.containers:
        yield from container.command or ()
        yield from container.args or ()
        yield from (variable.value or "" for variable in container.env or ())
        for probe in container.probes():
            for action in (probe.http_get, probe.tcp_socket, probe.grpc):
                if action is not None:
                    yield str(action.port)


def _gets_containers(workload: Workload) -> bool:
    """Whether the pods ask another injector than Istio's for a container: Dapr, OpenTelemetry, Consul, Vault."""
    for key, value in (*workload.annotations.items(), *workload.labels.items()):
        asks = key == "dapr.io/enabled" or key.endswith(("/inject", "-inject"))
        if asks and key != "sidecar.istio.io/inject" and value not in _NOT_ASKED:
            return True
    return False
