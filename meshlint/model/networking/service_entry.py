"""ServiceEntry: adds services to the registry that Kubernetes does not know."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.networking.workload_entry import WorkloadEntrySpec
from meshlint.model.selection import LabelsSelector, WorkloadSelecting


class ServicePort(Message, frozen=True):
    """A port of the service."""

    number: int | None = None
    protocol: str | None = None
    """`HTTP`, `HTTPS`, `GRPC`, `HTTP2`, `MONGO`, `TCP`, `TLS` ...; absent: the proxy detects it."""
    name: str | None = None
    target_port: int | None = None
    """The port of the endpoints; `number` if absent."""


class ServiceEntrySpec(Message, frozen=True):
    """What a ServiceEntry says."""

    hosts: tuple[str, ...] | None = None
    """DNS names, maybe with a wildcard; they need not exist in DNS."""
    addresses: tuple[str, ...] | None = None
    """Virtual addresses or CIDR ranges. Without any, TCP traffic is told apart by port alone."""
    ports: tuple[ServicePort, ...] | None = None
    location: str | None = None
    """`MESH_EXTERNAL` (the default): no mTLS is expected of the endpoints. Or `MESH_INTERNAL`."""
    resolution: str | None = None
    """`NONE` (the default: the client's address as it is), `STATIC`, `DNS`, `DNS_ROUND_ROBIN`."""
    endpoints: tuple[WorkloadEntrySpec, ...] | None = None
    """Excludes `workload_selector`."""
    workload_selector: LabelsSelector | None = None
    """Pods and WorkloadEntries of the same namespace; needs `location: MESH_INTERNAL`."""
    export_to: tuple[str, ...] | None = None
    """Namespaces that see it; `.` is the own, `*` all (the default, unless mesh config says otherwise)."""
    subject_alt_names: tuple[str, ...] | None = None
    """Names that the endpoints' certificates must hold one of."""


class ServiceEntry(WorkloadSelecting, frozen=True):
    """Adds a service to the registry."""

    spec: ServiceEntrySpec | None = None
    status: Any = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts as written."""
        return self.spec.hosts or () if self.spec else ()

    @property
    def ports(self) -> tuple[ServicePort, ...]:
        """The ports as written."""
        return self.spec.ports or () if self.spec else ()
