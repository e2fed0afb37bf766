"""Sidecar: which ports a workload's proxy takes, and which services it knows."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.networking.common import Destination
from meshlint.model.networking.server import Port, ServerTLSSettings
from meshlint.model.networking.traffic_policy import ConnectionPoolSettings
from meshlint.model.selection import LabelsSelector, WorkloadSelecting


class IstioIngressListener(Message, frozen=True):
    """A port on which the proxy takes traffic for the workload."""

    port: Port | None = None
    bind: str | None = None
    capture_mode: str | None = None
    """`DEFAULT`, `IPTABLES` or `NONE`."""
    default_endpoint: str | None = None
    """Where the application listens: `127.0.0.1:PORT`, `0.0.0.0:PORT`, `[::1]:PORT`, `unix:///path`."""
    tls: ServerTLSSettings | None = None
    """Takes effect only where PeerAuthentication switches mTLS off."""
    connection_pool: ConnectionPoolSettings | None = None


class IstioEgressListener(Message, frozen=True):
    """Services that the workload may reach, maybe through one port of the proxy only."""

    port: Port | None = None
    """Absent: all ports of the services that no other listener has."""
    bind: str | None = None
    capture_mode: str | None = None
    hosts: tuple[str, ...] | None = None
    """`namespace/host`; the namespace may be `.` (own) or `*` (all), with `~` before it to leave hosts out; the host may
    have a wildcard."""


class OutboundTrafficPolicy(Message, frozen=True):
    """What happens to traffic to hosts the proxy does not know."""

    mode: str | None = None
    """`ALLOW_ANY` or `REGISTRY_ONLY`; an empty message means REGISTRY_ONLY."""
    egress_proxy: Destination | None = None
    """Where such traffic is sent under ALLOW_ANY."""


class SidecarSpec(Message, frozen=True):
    """What a Sidecar says."""

    workload_selector: LabelsSelector | None = None
    """Absent: all workloads of the namespace that no other Sidecar picks; in the root namespace, of the mesh."""
    ingress: tuple[IstioIngressListener, ...] | None = None
    """Absent: the ports of the services of the workload."""
    egress: tuple[IstioEgressListener, ...] | None = None
    """Absent: everything. Nothing comes from a wider Sidecar (`initSidecarScopeInternalIndexes` in `pilot/pkg/model/sidecar.go`)."""
    inbound_connection_pool: ConnectionPoolSettings | None = None
    outbound_traffic_policy: OutboundTrafficPolicy | None = None
    """Absent: that of mesh config."""


class Sidecar(WorkloadSelecting, frozen=True):
    """Tunes the proxies of workloads."""

    spec: SidecarSpec | None = None
    status: Any = None
