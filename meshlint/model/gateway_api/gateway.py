"""Gateway (of the Gateway API): listeners, and the proxy that Istio deploys for them."""

from typing import Any

import msgspec

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import LocalObjectReference, SecretObjectReference
from meshlint.model.gateway_api.listener import FrontendTLSValidation, Listener, RouteNamespaces


class GatewaySpecAddress(Message, frozen=True):
    """An address; a `Hostname` names the Service of a gateway that somebody else deploys."""

    type: str | None = None
    """`IPAddress` if absent."""
    value: str | None = None


class GatewayInfrastructure(Message, frozen=True):
    """What is put on the objects that are made for the Gateway."""

    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    parameters_ref: LocalObjectReference | None = None


class GatewayBackendTLS(Message, frozen=True):
    """The client certificate of the gateway towards backends."""

    client_certificate_ref: SecretObjectReference | None = None


class FrontendTLS(Message, frozen=True):
    """Validation of clients."""

    validation: FrontendTLSValidation | None = None


class FrontendTLSPort(Message, frozen=True):
    """Validation of clients of one port."""

    port: int | None = None
    tls: FrontendTLS | None = None


class FrontendTLSConfig(Message, frozen=True):
    """Validation of clients of all ports, and exceptions."""

    default: FrontendTLS | None = None
    per_port: tuple[FrontendTLSPort, ...] | None = None


class GatewayTLSConfig(Message, frozen=True):
    """TLS of the whole Gateway."""

    backend: GatewayBackendTLS | None = None
    frontend: FrontendTLSConfig | None = None


class AllowedListeners(Message, frozen=True):
    """Which ListenerSets may attach; none if absent."""

    namespaces: RouteNamespaces | None = None


class GatewaySpec(Message, frozen=True):
    """What a Gateway says."""

    gateway_class_name: str | None = None
    """`istio`, `istio-waypoint` ..., or a GatewayClass; another controller's is not Istio's business."""
    listeners: tuple[Listener, ...] | None = None
    addresses: tuple[GatewaySpecAddress, ...] | None = None
    infrastructure: GatewayInfrastructure | None = None
    allowed_listeners: AllowedListeners | None = None
    tls: GatewayTLSConfig | None = None
    backend_tls: GatewayBackendTLS | None = msgspec.field(name="backendTLS", default=None)
    """Experimental, up to release 1.3; since 1.4 it is `tls.backend`."""
    default_scope: str | None = None


class Gateway(Resource, frozen=True):
    """Opens ports at the edge, or for a waypoint inside the mesh."""

    spec: GatewaySpec | None = None
    status: Any = None

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The listeners as written."""
        return self.spec.listeners or () if self.spec else ()

    @property
    def is_waypoint(self) -> bool:
        """Whether its class is Istio's own for waypoints."""
        return self.spec is not None and self.spec.gateway_class_name == "istio-waypoint"
