"""WorkloadEntry: one workload that is no pod, such as a virtual machine."""

from typing import Any

from meshlint.model.base import Message, Resource


class WorkloadEntrySpec(Message, frozen=True):
    """An endpoint. ServiceEntry lists them inline, WorkloadGroup has one as its template."""

    address: str | None = None
    """An IP address, a host name (where resolution is DNS) or `unix:///path`."""
    ports: dict[str, int] | None = None
    """Number by name of the service's port; where a name is missing, the service's target port holds."""
    labels: dict[str, str] | None = None
    """Those of the WorkloadEntry's metadata are added, and win (`serviceentry/conversion.go`, ConvertWorkloadEntry)."""
    network: str | None = None
    """Endpoints of other networks are reached through that network's east-west gateway."""
    locality: str | None = None
    """`region/zone/subzone`."""
    weight: int | None = None
    """Relative; 1 if absent."""
    service_account: str | None = None
    """With one, clients take the endpoint for one with a proxy, unless the label `security.istio.io/tlsMode` says otherwise."""


class WorkloadEntry(Resource, frozen=True):
    """A workload outside Kubernetes, picked by selectors like a pod: by the labels of its spec and of its metadata."""

    spec: WorkloadEntrySpec | None = None
    status: Any = None
