"""Which protocol does a port speak, as istiod selects it?

`pkg/config/kube/conversion.go` (ConvertProtocol) for Services, `pkg/config/protocol/instance.go`
(Parse) for ServiceEntries, Gateways and Sidecars.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshlint.model.kubernetes.service import ServicePort


class Protocol(str, Enum):
    """The protocol of a port, in the spelling of Istio's API."""

    GRPC = "GRPC"
    GRPC_WEB = "GRPC-Web"
    HTTP = "HTTP"
    HTTP_PROXY = "HTTP_PROXY"
    HTTP2 = "HTTP2"
    HTTPS = "HTTPS"
    TLS = "TLS"
    TCP = "TCP"
    UDP = "UDP"
    MONGO = "Mongo"
    REDIS = "Redis"
    MYSQL = "MySQL"
    HBONE = "HBONE"
    DETECTED = "detected"
    """Not declared: the proxy looks at the first bytes, and takes what is no HTTP for TCP."""

    @property
    def is_http(self) -> bool:
        """Whether the proxy handles requests, not only connections."""
        return self in _HTTP

    @property
    def is_http2(self) -> bool:
        """Whether it is HTTP/2 on the wire."""
        return self in _HTTP2

    @property
    def is_tls(self) -> bool:
        """Whether the application encrypts by itself, so that the proxy sees only the SNI."""
        return self in {Protocol.HTTPS, Protocol.TLS}

    @property
    def is_tcp(self) -> bool:
        """Whether the proxy handles connections only: HTTP attributes of policies never match here."""
        return self in _TCP


_HTTP2 = frozenset({Protocol.HTTP2, Protocol.GRPC, Protocol.GRPC_WEB})
_HTTP = _HTTP2 | {Protocol.HTTP, Protocol.HTTP_PROXY}
_TCP = frozenset({Protocol.TCP, Protocol.HTTPS, Protocol.TLS, Protocol.MONGO, Protocol.REDIS, Protocol.MYSQL})
_BY_NAME = {protocol.value.lower(): protocol for protocol in Protocol if protocol is not Protocol.DETECTED}

# Kubernetes' own names of application protocols; only `appProtocol` may hold them.
_KUBERNETES = {
    "kubernetes.io/h2c": Protocol.HTTP2,
    "kubernetes.io/ws": Protocol.HTTP,
    "kubernetes.io/wss": Protocol.HTTPS,
}

SERVER_FIRST_PORTS = frozenset({25, 53, 3306, 27017})
"""SMTP, DNS, MySQL, MongoDB: the server speaks first, so istiod does not detect the protocol here but takes TCP."""


@lru_cache(maxsize=256)
def parse(text: str | None) -> Protocol:
    """The protocol of a name, whatever its case; `DETECTED` for a name that is none."""
    return _BY_NAME.get((text or "").lower(), Protocol.DETECTED)


def declared(port: ServicePort) -> Protocol | None:
    """The protocol that the port says: by `protocol: UDP`, `appProtocol`, else the name up to its first `-`.

    None where it says nothing that Istio understands. An `appProtocol` hides the name even where
    Istio does not know it.
    """
    return Protocol.UDP if port.protocol == "UDP" else _declared(port.name, port.app_protocol)


@lru_cache(maxsize=1024)
def _declared(port_name: str | None, app_protocol: str | None) -> Protocol | None:
    name = port_name or "" if app_protocol is None else app_protocol
    if app_protocol in _KUBERNETES:
        return _KUBERNETES[app_protocol]
    if name[:8].lower() == "grpc-web":
        return Protocol.GRPC_WEB
    found = parse(name.split("-", 1)[0])
    return None if found is Protocol.DETECTED else found


def selected(port: ServicePort) -> Protocol:
    """The protocol istiod configures for a port of a Service."""
    found = declared(port)
    if found is None:
        return Protocol.TCP if port.port in SERVER_FIRST_PORTS else Protocol.DETECTED
    return found
