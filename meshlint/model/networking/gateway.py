"""Gateway (Istio's own): the ports, hosts and certificates of the proxies at the edge."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.networking.server import Port, ServerTLSSettings

_NOTHING: Mapping[str, str] = {}


class Server(Message, frozen=True):
    """One port, the hosts it serves and how it speaks TLS."""

    port: Port | None = None
    hosts: tuple[str, ...] | None = None
    """`host` or `namespace/host`: VirtualServices of that namespace may bind. `.` is the Gateway's own, `*` all."""
    tls: ServerTLSSettings | None = None
    name: str | None = None
    bind: str | None = None
    """The address to listen on."""
    default_endpoint: str | None = None
    """Not implemented by istiod for gateways."""


class GatewaySpec(Message, frozen=True):
    """What a Gateway says."""

    servers: tuple[Server, ...] | None = None
    selector: dict[str, str] | None = None
    """Labels of the pods that become this gateway; by default in all namespaces. Empty picks every gateway."""


class Gateway(Resource, frozen=True):
    """Opens ports on gateway workloads; VirtualServices bind to it by name."""

    spec: GatewaySpec | None = None
    status: Any = None

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers as written."""
        return self.spec.servers or () if self.spec else ()

    @property
    def selector(self) -> Mapping[str, str]:
        """Labels of the pods that become this gateway."""
        return self.spec.selector or _NOTHING if self.spec else _NOTHING

    def hosts(self) -> Iterator[str]:
        """Every host of every server as written, with its namespace part."""
        for server in self.servers:
            yield from server.hosts or ()
