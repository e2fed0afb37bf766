"""Service: a name, its ports, and the pods behind it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from meshlint.model.base import Message, Resource

_NOTHING: Mapping[str, str] = {}


class ServicePort(Message, frozen=True):
    """A port of a Service. Istio takes the protocol from `app_protocol`, else from the name up to its first `-`."""

    name: str | None = None
    """May be absent where it is the only port."""
    port: int | None = None
    target_port: int | str | None = None
    """A port of the pods: a number, or the name of a container port. The same as `port` if absent."""
    protocol: str | None = None
    """`TCP` (the default), `UDP` or `SCTP`."""
    app_protocol: str | None = None
    node_port: int | None = None


class ServiceSpec(Message, frozen=True):
    """What a Service says, as far as a mesh reads it."""

    type: str | None = None
    """`ClusterIP` (the default), `NodePort`, `LoadBalancer` or `ExternalName`."""
    selector: dict[str, str] | None = None
    """Labels of the pods behind it. Absent or empty: somebody else writes its endpoints."""
    ports: tuple[ServicePort, ...] | None = None
    cluster_ip: str | None = msgspec.field(name="clusterIP", default=None)
    """`None`, the text, makes the service headless."""
    cluster_ips: tuple[str, ...] | None = msgspec.field(name="clusterIPs", default=None)
    external_ips: tuple[str, ...] | None = msgspec.field(name="externalIPs", default=None)
    external_name: str | None = None
    """The DNS name that an `ExternalName` service is an alias of."""
    publish_not_ready_addresses: bool | None = None
    external_traffic_policy: str | None = None
    """`Cluster` (the default) or `Local`, which keeps the client's address."""
    internal_traffic_policy: str | None = None
    traffic_distribution: str | None = None
    session_affinity: str | None = None
    """`None` or `ClientIP`. Proxies of a mesh do not honour it."""
    load_balancer_ip: str | None = msgspec.field(name="loadBalancerIP", default=None)
    load_balancer_class: str | None = None
    load_balancer_source_ranges: tuple[str, ...] | None = None
    ip_families: tuple[str, ...] | None = None
    ip_family_policy: str | None = None


class Service(Resource, frozen=True):
    """A service of Kubernetes."""

    spec: ServiceSpec | None = None
    status: Any = None

    @property
    def ports(self) -> tuple[ServicePort, ...]:
        """The ports as written."""
        return self.spec.ports or () if self.spec else ()

    @property
    def selector(self) -> Mapping[str, str]:
        """The labels of the pods behind it; empty picks *no* pod."""
        return self.spec.selector or _NOTHING if self.spec else _NOTHING

    @property
    def is_headless(self) -> bool:
        """Whether it has no virtual address: `clusterIP: None`."""
        return self.spec is not None and (self.spec.cluster_ip == "None" or self.spec.cluster_ips == ("None",))

    @property
    def is_external_name(self) -> bool:
        """Whether it is only an alias of a DNS name."""
        return self.spec is not None and self.spec.type == "ExternalName"
