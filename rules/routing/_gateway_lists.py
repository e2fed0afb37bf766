"""Where a VirtualService names gateways: for itself, and in its matches."""

from functools import lru_cache

from meshlint.api import VirtualService
from meshlint.model.networking.virtual_service import HTTPRoute, TCPRoute, TLSRoute


@lru_cache(maxsize=1)  # several rules look at one resource after another
def gateway_lists(virtual_service: VirtualService) -> tuple[tuple[object, tuple[str, ...]], ...]:
    """Each message with `gateways`, and the names."""
    spec = virtual_service.spec
    if spec is None:
        return ()
    found: list[tuple[object, tuple[str, ...]]] = []
    if spec.gateways:
        found.append((spec, spec.gateways))
    routes: tuple[HTTPRoute | TLSRoute | TCPRoute, ...] = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ()))
    for route in routes:
        for match in route.match or ():
            if match.gateways:
                found.append((match, match.gateways))
    return tuple(found)
