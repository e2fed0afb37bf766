"""What rules about routes of the Gateway API share: their kinds, and the Gateways they name as parents."""

from collections.abc import Iterator, Sequence

from meshlint.api import Mesh, gateway_api
from meshlint.model.gateway_api.common import BackendObjectReference, ParentReference
from meshlint.model.kinds import GATEWAY_API

Route = (
    gateway_api.HTTPRoute | gateway_api.GRPCRoute | gateway_api.TLSRoute | gateway_api.TCPRoute | gateway_api.UDPRoute
)


def gateway_parents(route: Route, mesh: Mesh) -> Iterator[tuple[ParentReference, str]]:
    """The parents of a route that are Gateways, each with its namespace."""
    for parent in route.parents:
        if parent.group in {None, GATEWAY_API} and parent.kind in {None, "Gateway"} and parent.name:
            yield parent, parent.namespace or mesh.namespace(route)


def gateways(parent: ParentReference, namespace: str, mesh: Mesh) -> Sequence[gateway_api.Gateway]:
    """The Gateways of that name, in any variant."""
    found = mesh.find("Gateway", namespace, parent.name or "", GATEWAY_API)
    return [item for item in found if isinstance(item, gateway_api.Gateway)]


def service_backends(route: Route, mesh: Mesh) -> Iterator[tuple[BackendObjectReference, str]]:
    """The backends of a route that are Services, each with its namespace."""
    for backend in route.backends():
        if backend.group in {None, "", "core"} and backend.kind in {None, "Service"} and backend.name:
            yield backend, backend.namespace or mesh.namespace(route)
