"""TLS settings of servers: those of a Gateway, and of the ingress listeners of a Sidecar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.api import Gateway

if TYPE_CHECKING:
    from meshlint.api import Sidecar
    from meshlint.model.networking.server import Port, ServerTLSSettings


def tls_settings(owner: Gateway | Sidecar) -> Iterator[tuple[ServerTLSSettings, Port | None]]:
    """Each server's TLS settings, and its port."""
    if isinstance(owner, Gateway):
        for server in owner.servers:
            if server.tls is not None:
                yield server.tls, server.port
    elif owner.spec is not None:
        for listener in owner.spec.ingress or ():
            if listener.tls is not None:
                yield listener.tls, listener.port
