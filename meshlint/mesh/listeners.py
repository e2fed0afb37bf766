"""Which routes does a listener of the Gateway API take?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.mesh.answers import Answer, some
from meshlint.mesh.context import Scope

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource
    from meshlint.model.gateway_api.common import ParentReference
    from meshlint.model.gateway_api.gateway import Gateway
    from meshlint.model.gateway_api.listener import Listener
    from meshlint.model.kubernetes.common import LabelSelector

_NAME = "kubernetes.io/metadata.name"


def is_meant(listener: Listener, parent: ParentReference) -> bool:
    """Whether a reference to a Gateway is about this listener of it."""
    return parent.section_name in {None, listener.name} and parent.port in {None, listener.port}


def admits(listener: Listener, gateway: Gateway, route: Resource, mesh: Mesh) -> Answer:
    """Whether a listener takes routes of the route's namespace."""
    allowed = listener.allowed_routes.namespaces if listener.allowed_routes else None
    mode = (allowed.from_ if allowed else None) or "Same"
    if mode in {"All", "None"}:
        return Answer.of(mode == "All")
    homes = set(mesh.homes(route))
    if mode == "Selector":
        selector = allowed.selector if allowed else None
        return some(_picks(selector, home, mesh) for home in homes) if selector else Answer.UNKNOWN
    if not homes.isdisjoint(mesh.homes(gateway)):
        return Answer.YES
    return Answer.NO if route.namespace and gateway.namespace else Answer.UNKNOWN


def _picks(selector: LabelSelector, namespace: str, mesh: Mesh) -> Answer:
    """Whether a selector picks a namespace. Other labels than its name may come from kubectl."""
    keys = {*(selector.match_labels or ()), *(item.key for item in selector.match_expressions or ())}
    if mesh.context.scope is not Scope.COMPLETE and keys != {_NAME}:
        return Answer.UNKNOWN
    manifests = mesh.injection.labels_of(namespace) or ({},)
    return some(Answer.of(selector.matches({**labels, _NAME: namespace})) for labels in manifests)
