"""Where a VirtualService names gateways: for itself, and in its matches."""

from collections.abc import Sequence
from functools import lru_cache

from meshlint.api import VirtualService
from meshlint.model.base import TOGETHER
from meshlint.model.networking.virtual_service import HTTPRoute, TCPRoute, TLSRoute


@lru_cache(maxsize=TOGETHER)
def gateway_lists(virtual_service: VirtualService) -> Sequence[tuple[object, tuple[str, ...]]]:
    """Each message with `gateways`, and the names."""
    spec = virtual_service.spec
    if spec is None:
        return ()
    found: list[tuple[object, tuple[str, ...]]] = [(spec, spec.gateways)] if spec.gateways else []
    lists: tuple[Sequence[HTTPRoute | TLSRoute | TCPRoute] | None, ...] = (spec.http, spec.tls, spec.tcp)
    for routes in lists:
        for route in routes or ():
            for match in route.match or ():
                if match.gateways:
                    found.append((match, match.gateways))
    return found
