"""Listeners, which Gateway and ListenerSet share."""

import msgspec

from meshlint.model.base import Message
from meshlint.model.gateway_api.common import ObjectReference, SecretObjectReference
from meshlint.model.kubernetes.common import LabelSelector


class FrontendTLSValidation(Message, frozen=True):
    """What a listener asks of the certificates of clients."""

    ca_certificate_refs: tuple[ObjectReference, ...] | None = None
    mode: str | None = None
    """`AllowValidOnly` (the default) or `AllowInsecureFallback`."""


class ListenerTLSConfig(Message, frozen=True):
    """TLS of a listener."""

    mode: str | None = None
    """`Terminate` (the default) or `Passthrough`."""
    certificate_refs: tuple[SecretObjectReference, ...] | None = None
    options: dict[str, str] | None = None
    """Istio reads `gateway.istio.io/tls-terminate-mode` among others."""
    frontend_validation: FrontendTLSValidation | None = None
    """Experimental, up to release 1.3; since 1.4 it is `spec.tls.frontend` of the Gateway."""


class RouteNamespaces(Message, frozen=True):
    """Namespaces by a word or by their labels."""

    from_: str | None = msgspec.field(name="from", default=None)
    """`All`, `Selector`, `Same` (the default for routes) or `None` (the text; the default for listener sets)."""
    selector: LabelSelector | None = None


class RouteGroupKind(Message, frozen=True):
    """A kind of route."""

    group: str | None = None
    """`gateway.networking.k8s.io` if absent."""
    kind: str | None = None


class AllowedRoutes(Message, frozen=True):
    """Which routes may attach to a listener."""

    namespaces: RouteNamespaces | None = None
    """The namespace of the Gateway if absent."""
    kinds: tuple[RouteGroupKind, ...] | None = None
    """By the protocol of the listener if absent."""


class Listener(Message, frozen=True):
    """A port, a protocol and a host name."""

    name: str | None = None
    hostname: str | None = None
    """Maybe `*.example.com`; absent: every host."""
    port: int | None = None
    protocol: str | None = None
    """`HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`; Istio's waypoints use `HBONE`."""
    tls: ListenerTLSConfig | None = None
    allowed_routes: AllowedRoutes | None = None
