"""Where routes of VirtualServices lead, by host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.gateway_names import MESH

if TYPE_CHECKING:
    from meshlint.api import Mesh, VirtualService
    from meshlint.model.networking.common import Destination
    from meshlint.model.networking.virtual_service import TCPRoute, TLSRoute


class Use(msgspec.Struct, frozen=True, eq=False):
    """A destination of a route."""

    virtual_service: VirtualService
    destination: Destination
    is_http: bool
    at_gateway: bool
    """Whether the VirtualService is bound to a gateway, alone or beside the sidecars."""
    in_sidecars: bool


def destinations_of(mesh: Mesh, fqdn: str) -> Sequence[Use]:
    """Every destination of a host, given as istiod looks it up."""
    return _by_host(mesh).get(fqdn, ())


@lru_cache(maxsize=1)  # one mesh at a time
def _by_host(mesh: Mesh) -> Mapping[str, list[Use]]:
    index: dict[str, list[Use]] = {}
    for virtual_service in mesh.of_class("VirtualService"):
        home = mesh.namespace(virtual_service)
        for use in _uses(virtual_service):
            index.setdefault(mesh.hosts.fqdn(use.destination.host or "", home), []).append(use)
    return index


def _uses(virtual_service: VirtualService) -> Iterator[Use]:
    spec = virtual_service.spec
    if spec is None:
        return
    gateways = set(spec.gateways or (MESH,)) if spec.hosts else {MESH, "a root"}
    at_gateway, in_sidecars = bool(gateways - {MESH}), MESH in gateways
    for route in spec.http or ():
        for destination in route.destinations():
            yield Use(virtual_service, destination, True, at_gateway, in_sidecars)
    lower: tuple[TLSRoute | TCPRoute, ...] = (*(spec.tls or ()), *(spec.tcp or ()))
    for l4_route in lower:
        for weighted in l4_route.route or ():
            if weighted.destination is not None:
                yield Use(virtual_service, weighted.destination, False, at_gateway, in_sidecars)
