"""EnvoyFilter: patches of the Envoy configuration that istiod generates."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.selection import LabelsSelector, PolicyTargetReference, WorkloadSelecting


class ProxyMatch(Message, frozen=True):
    """Conditions on the proxy."""

    proxy_version: str | None = None
    """An RE2 expression on the proxy's version."""
    metadata: dict[str, str] | None = None
    """Of the proxy's node, exact."""


class ClusterMatch(Message, frozen=True):
    """Conditions on a cluster."""

    port_number: int | None = None
    service: str | None = None
    """The full name of the service."""
    subset: str | None = None
    name: str | None = None
    """Envoy's name; the other conditions are ignored then."""


class RouteMatch(Message, frozen=True):
    """Conditions on a route of a virtual host."""

    name: str | None = None
    action: str | None = None
    """`ANY` (the default), `ROUTE`, `REDIRECT` or `DIRECT_RESPONSE`."""


class VirtualHostMatch(Message, frozen=True):
    """Conditions on a virtual host of a route configuration."""

    name: str | None = None
    """`host:port`."""
    domain_name: str | None = None
    """Since Istio 1.25."""
    route: RouteMatch | None = None


class RouteConfigurationMatch(Message, frozen=True):
    """Conditions on a route configuration."""

    port_number: int | None = None
    port_name: str | None = None
    """For gateways."""
    gateway: str | None = None
    """`namespace/name`."""
    vhost: VirtualHostMatch | None = None
    name: str | None = None


class SubFilterMatch(Message, frozen=True):
    """A filter inside the HTTP connection manager."""

    name: str | None = None


class FilterMatch(Message, frozen=True):
    """A network filter."""

    name: str | None = None
    sub_filter: SubFilterMatch | None = None


class FilterChainMatch(Message, frozen=True):
    """Conditions on a filter chain of a listener."""

    name: str | None = None
    sni: str | None = None
    transport_protocol: str | None = None
    """`raw_buffer` or `tls`."""
    application_protocols: str | None = None
    filter: FilterMatch | None = None
    destination_port: int | None = None


class ListenerMatch(Message, frozen=True):
    """Conditions on a listener."""

    port_number: int | None = None
    port_name: str | None = None
    """Not implemented by istiod."""
    filter_chain: FilterChainMatch | None = None
    listener_filter: str | None = None
    name: str | None = None


class WaypointRouteMatch(Message, frozen=True):
    """A route of a waypoint."""

    name: str | None = None


class WaypointMatch(Message, frozen=True):
    """Conditions on the configuration of a waypoint; needs `context: WAYPOINT`. Since Istio 1.29."""

    port_number: int | None = None
    """A port of the service."""
    filter: FilterMatch | None = None
    route: WaypointRouteMatch | None = None


class EnvoyConfigObjectMatch(Message, frozen=True):
    """What a patch is applied to; one of `listener`, `route_configuration`, `cluster`, `waypoint`."""

    context: str | None = None
    """`ANY` (the default), `SIDECAR_INBOUND`, `SIDECAR_OUTBOUND`, `GATEWAY`, `WAYPOINT`."""
    proxy: ProxyMatch | None = None
    listener: ListenerMatch | None = None
    route_configuration: RouteConfigurationMatch | None = None
    cluster: ClusterMatch | None = None
    waypoint: WaypointMatch | None = None


class Patch(Message, frozen=True):
    """The change."""

    operation: str | None = None
    """`MERGE`, `ADD`, `REMOVE`, `INSERT_BEFORE`, `INSERT_AFTER`, `INSERT_FIRST`, `REPLACE`."""
    value: Any = None
    """Envoy configuration, field by field; a typed one carries `@type`."""
    filter_class: str | None = None
    """Where an `ADD` to HTTP filters goes: `AUTHN`, `AUTHZ`, `STATS`."""


class EnvoyConfigObjectPatch(Message, frozen=True):
    """One patch and what it is applied to."""

    apply_to: str | None = None
    """The type of object: `LISTENER`, `HTTP_FILTER`, `CLUSTER`, `VIRTUAL_HOST` ..."""
    match: EnvoyConfigObjectMatch | None = None
    patch: Patch | None = None


class EnvoyFilterSpec(Message, frozen=True):
    """What an EnvoyFilter says. Nothing checks it against Envoy before a proxy takes it, or does not."""

    workload_selector: LabelsSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    target_refs: tuple[PolicyTargetReference, ...] | None = None
    """Excludes `workload_selector`."""
    config_patches: tuple[EnvoyConfigObjectPatch, ...] | None = None
    priority: int | None = None
    """Lower is applied earlier; 0 if absent. Then the root namespace, age and name decide."""


class EnvoyFilter(WorkloadSelecting, frozen=True):
    """Patches generated Envoy configuration."""

    spec: EnvoyFilterSpec | None = None
    status: Any = None
