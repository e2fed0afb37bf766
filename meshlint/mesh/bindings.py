"""Which VirtualServices are about a host, in the sidecars and at each gateway?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.gateway_names import MESH, split_reference
from meshlint.mesh.host_names import HostIndex
from meshlint.model.networking.virtual_service import HTTPRoute as Route
from meshlint.model.networking.virtual_service import TCPRoute, TLSRoute, VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.requests import Client


class Bindings:
    """VirtualServices by host, the oldest first. Indexes are built once."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def of_sidecars(self, host: str, client: Client) -> Sequence[VirtualService]:
        """The VirtualServices of sidecars about a host that the client may see: those of the most specific host."""
        fqdn = self._mesh.hosts.fqdn(host, client.namespace) if "." not in host else host
        exact = [
            item for item in self._of_sidecars.exact(fqdn) if self._mesh.visibility.visible(item, client.namespace)
        ]
        if exact:
            return tuple(dict.fromkeys(exact))
        wide = [
            item for item in self._of_sidecars.covering(fqdn) if self._mesh.visibility.visible(item, client.namespace)
        ]
        return tuple(dict.fromkeys(wide))

    def at_gateway(self, gateway: str, host: str, client: Client) -> Sequence[VirtualService]:
        """The VirtualServices bound to a gateway (`namespace/name`) that serve a host: those of its most specific one."""
        index = self._by_gateway.get(gateway)
        found = index.most_specific(host) if index is not None else None
        visible = self._mesh.visibility.visible
        return [item for item in dict.fromkeys(found[1] if found else ()) if visible(item, client.namespace)]

    @cached_property
    def _of_sidecars(self) -> HostIndex[VirtualService]:
        index: HostIndex[VirtualService] = HostIndex()
        for item in sorted(self._mesh.all(VirtualService), key=_age):
            if item.spec is not None and MESH in _gateways(item):
                for host in item.spec.hosts or ():
                    index.add(self._mesh.hosts.fqdn(host, self._mesh.namespace(item)), item)
        return index

    @cached_property
    def _by_gateway(self) -> Mapping[str, HostIndex[VirtualService]]:
        """The VirtualServices of each gateway (`namespace/name`), by host."""
        index: dict[str, HostIndex[VirtualService]] = {}
        for item in sorted(self._mesh.all(VirtualService), key=_age):
            own = self._mesh.namespace(item)
            names = dict.fromkeys("/".join(split_reference(name, own)) for name in _gateways(item) if name != MESH)
            for name in names:
                for host in (item.spec.hosts if item.spec else None) or ():
                    index.setdefault(name, HostIndex()).add(self._mesh.hosts.fqdn(host, own), item)
        return index


def _gateways(item: VirtualService) -> Sequence[str]:
    return (item.spec.gateways if item.spec else None) or (MESH,)


def resolved_gateways(item: VirtualService, namespace: str) -> Mapping[str, str]:
    """The gateways that a VirtualService names, in its matches too, as `namespace/name`."""
    spec = item.spec
    routes: tuple[Route | TLSRoute | TCPRoute, ...] = ()
    if spec is not None:
        routes = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ()))
    names = {name for route in routes for match in route.match or () for name in match.gateways or ()}
    names.update((spec.gateways or ()) if spec else ())
    return {name: name if name == MESH else "/".join(split_reference(name, namespace)) for name in names}


def _age(item: VirtualService) -> tuple[str, str, str]:
    created = item.metadata.creation_timestamp if item.metadata else None
    return (created or "~", item.name, item.namespace or "")
