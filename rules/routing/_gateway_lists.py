"""Where a VirtualService names gateways: for itself, and in its matches."""

from collections.abc import Iterator

from meshlint.api import VirtualService
from meshlint.model.networking.virtual_service import HTTPRoute, TCPRoute, TLSRoute


def gateway_lists(virtual_service: VirtualService) -> Iterator[tuple[object, tuple[str, ...]]]:
    """Each message with `gateways`, and the names."""
    spec = virtual_service.spec
    if spec is None:
        return
    if spec.gateways:
        yield spec, spec.gateways
    routes: tuple[HTTPRoute | TLSRoute | TCPRoute, ...] = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ()))
    for route in routes:
        for match in route.match or ():
            if match.gateways:
                yield match, match.gateways
