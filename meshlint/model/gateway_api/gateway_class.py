"""GatewayClass: which controller a Gateway belongs to."""

from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import ObjectReference


class GatewayClassSpec(Message, frozen=True):
    """What a GatewayClass says."""

    controller_name: str | None = None
    """`istio.io/gateway-controller`, `istio.io/mesh-controller` (waypoints), `istio.io/unmanaged-gateway` ..."""
    parameters_ref: ObjectReference | None = None
    description: str | None = None


class GatewayClass(Resource, frozen=True):
    """Istio makes `istio`, `istio-remote`, `istio-waypoint` and `istio-east-west` by itself."""

    spec: GatewayClassSpec | None = None
    status: Any = None
