"""The Secrets that the servers of a Gateway name for their own certificate."""

from collections.abc import Iterator

from meshlint.api import Gateway
from meshlint.model.networking.server import ServerTLSSettings

_ENDING = frozenset({"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"})
"""Modes in which the gateway ends TLS; in all others it reads no certificate of its own."""


def credential_names(gateway: Gateway) -> Iterator[tuple[ServerTLSSettings, tuple[str | int, ...], str]]:
    """The settings, the way to the name in them, and the name."""
    for server in gateway.servers:
        tls = server.tls
        if tls is None or tls.mode not in _ENDING:
            continue
        if tls.credential_name:
            yield tls, ("credential_name",), tls.credential_name
        for index, name in enumerate(tls.credential_names or ()):
            yield tls, ("credential_names", index), name
