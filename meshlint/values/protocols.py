"""Names of protocols in ports of Gateways, Sidecars and ServiceEntries (`pkg/config/protocol`)."""

from meshlint.values import Reason

_HTTP = frozenset({"http", "http2", "http_proxy", "grpc", "grpc-web"})
_TLS = frozenset({"https", "tls"})
_TCP = frozenset({"tcp", "https", "tls", "mongo", "redis", "mysql"})
_KNOWN = _HTTP | _TCP | {"udp"}


def protocol(text: str) -> Reason:
    """A protocol by name, whatever its case; an empty one is none (`ValidateProtocol`)."""
    if text.lower() in _KNOWN:
        return None
    return (
        "it is empty"
        if not text
        else "the protocols are HTTP, HTTPS, HTTP2, GRPC, GRPC-Web, TCP, TLS, MONGO, REDIS, MYSQL"
    )


def is_http(text: str) -> bool:
    """Whether the proxy handles requests, not only connections."""
    return text.lower() in _HTTP


def is_tls(text: str) -> bool:
    """Whether connections are encrypted."""
    return text.lower() in _TLS


def is_tcp(text: str) -> bool:
    """Whether the proxy handles connections only; UDP is neither this nor HTTP."""
    return text.lower() in _TCP
