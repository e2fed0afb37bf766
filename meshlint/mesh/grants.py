"""Which objects of other namespaces may routes of the Gateway API name: ReferenceGrants."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from meshlint.model.gateway_api.reference_grant import ReferenceGrant
from meshlint.model.kinds import GATEWAY_API

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource
    from meshlint.model.gateway_api.common import BackendObjectReference


def grants_of(mesh: Mesh, namespace: str) -> Sequence[ReferenceGrant]:
    """The grants of a namespace."""
    names = mesh.names("ReferenceGrant", namespace)
    found = [item for name in names for item in mesh.find("ReferenceGrant", namespace, name)]
    return [item for item in found if isinstance(item, ReferenceGrant)]


def grants_it(grant: ReferenceGrant, kind: str, namespaces: Collection[str], backend: BackendObjectReference) -> bool:
    """Whether a grant lets routes of a kind in some of these namespaces have a Service of its own."""
    spec = grant.spec
    comes = any(
        item.group == GATEWAY_API and item.kind == kind and item.namespace in namespaces
        for item in (spec.from_ if spec else None) or ()
    )
    goes = any(
        item.group in {None, "", "core"} and item.kind == "Service" and item.name in {None, "", backend.name}
        for item in (spec.to if spec else None) or ()
    )
    return comes and goes


def is_granted(mesh: Mesh, route: Resource, backend: BackendObjectReference) -> bool:
    """Whether a route of a gateway may have a backend: one of its own namespace, or one that the input grants it."""
    home = mesh.namespace(route)
    there = backend.namespace or home
    return there == home or any(grants_it(grant, route.kind, {home}, backend) for grant in grants_of(mesh, there))
