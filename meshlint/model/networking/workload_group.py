"""WorkloadGroup: the template that workloads outside Kubernetes register by."""

from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.networking.workload_entry import WorkloadEntrySpec


class HTTPHeader(Message, frozen=True):
    """A header of a probe."""

    name: str | None = None
    value: str | None = None


class HTTPHealthCheckConfig(Message, frozen=True):
    """Health by an HTTP request: 200 to 399 is healthy."""

    path: str | None = None
    port: int | None = None
    host: str | None = None
    scheme: str | None = None
    """`HTTP` (the default) or `HTTPS`."""
    http_headers: tuple[HTTPHeader, ...] | None = None


class TCPHealthCheckConfig(Message, frozen=True):
    """Health by a connection."""

    host: str | None = None
    port: int | None = None


class GrpcHealthCheckConfig(Message, frozen=True):
    """Health by gRPC's own protocol for it. Since Istio 1.25."""

    port: int | None = None
    service: str | None = None


class ExecHealthCheckConfig(Message, frozen=True):
    """Health by a command: exit code 0 is healthy."""

    command: tuple[str, ...] | None = None


class ReadinessProbe(Message, frozen=True):
    """When a workload of the group counts as ready: exactly one of the four methods."""

    initial_delay_seconds: int | None = None
    timeout_seconds: int | None = None
    """1 if absent or 0."""
    period_seconds: int | None = None
    """10 if absent or 0."""
    success_threshold: int | None = None
    """1 if absent or 0."""
    failure_threshold: int | None = None
    """3 if absent or 0."""
    http_get: HTTPHealthCheckConfig | None = None
    tcp_socket: TCPHealthCheckConfig | None = None
    exec: ExecHealthCheckConfig | None = None
    grpc: GrpcHealthCheckConfig | None = None


class WorkloadMetadata(Message, frozen=True):
    """Labels and annotations of the WorkloadEntries that come of the group."""

    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None


class WorkloadGroupSpec(Message, frozen=True):
    """What a WorkloadGroup says."""

    metadata: WorkloadMetadata | None = None
    """Of the WorkloadEntries, not of the group."""
    template: WorkloadEntrySpec | None = None
    probe: ReadinessProbe | None = None


class WorkloadGroup(Resource, frozen=True):
    """What a Deployment is for pods, for workloads that register by themselves."""

    spec: WorkloadGroupSpec | None = None
    status: Any = None
