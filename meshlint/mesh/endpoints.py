"""Which endpoints has a port of a service, and does istiod take them for ones with a sidecar?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.services import Selecting, container_port, find_port, selector
from meshlint.model.kubernetes.service import Service, ServicePort
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.networking.service_entry import ServicePort as EntryPort

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.networking.workload_entry import WorkloadEntrySpec

TLS_MODE = "security.istio.io/tlsMode"


class Endpoint(msgspec.Struct, frozen=True, eq=False):
    """One of the endpoints of a service's port."""

    takes_mtls: Answer
    """Whether istiod takes it for one with a sidecar."""
    workload: Workload | None = None
    entry: WorkloadEntrySpec | None = None
    """An endpoint that a ServiceEntry lists."""
    port: int | None = None
    """The port of the workload."""


class Endpoints:
    """The endpoints of services."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def of_port(self, service: Selecting, port: int, namespace: str | None = None) -> Sequence[Endpoint] | None:
        """The endpoints of a service's port; None where the input does not show them.

        Empty where there are none: a ServiceEntry without endpoints, a named port that no container has.
        """
        found = port_of(service, port)
        if found is None:
            return ()
        if not selector(service):
            if isinstance(service, ServiceEntry) and isinstance(found, EntryPort):
                return _listed(service, found)
            return None
        workloads = self._mesh.services.workloads(service)
        if namespace is not None:
            workloads = [item for item in workloads if item.namespace == namespace]
        if not workloads:
            home = namespace or self._mesh.namespace(service)
            is_whole = self._mesh.context.scope is Scope.COMPLETE and self._mesh.workloads.readable(home)
            return () if is_whole else None
        targets = [(item, container_port(found, item)) for item in workloads]
        return [Endpoint(self.takes_mtls(item), item, None, target) for item, target in targets if target is not None]

    def takes_mtls(self, workload: Workload) -> Answer:
        """Whether istiod takes an endpoint for one with a sidecar: the label `security.istio.io/tlsMode` says so.

        The injector sets it, unless the pod has it already; gateways get none. A machine's is in its
        WorkloadEntry, or it is one with a `serviceAccount` (getTLSModeFromWorkloadEntry).
        """
        written = workload.labels.get(TLS_MODE)
        if written is not None:
            return Answer.of(written == "istio")
        if workload.is_machine:
            return Answer.of(bool(workload.service_account))
        if self._mesh.injection.gateway(workload) is Answer.YES:
            return Answer.NO
        return self._mesh.injection.sidecar(workload)


def port_of(service: Selecting, number: int) -> ServicePort | EntryPort | None:
    """The port of a service with this number."""
    if isinstance(service, Service):
        return find_port(service, number)
    return next((port for port in service.ports if port.number == number), None)


def _listed(entry: ServiceEntry, port: EntryPort) -> Sequence[Endpoint]:
    """The endpoints that a ServiceEntry lists."""
    default = port.target_port or port.number
    return [
        Endpoint(_entry_takes_mtls(item), None, item, (item.ports or {}).get(port.name or "") or default)
        for item in (entry.spec.endpoints if entry.spec else None) or ()
    ]


def _entry_takes_mtls(entry: WorkloadEntrySpec) -> Answer:
    written = (entry.labels or {}).get(TLS_MODE)
    return Answer.of(written == "istio" if written is not None else bool(entry.service_account))
