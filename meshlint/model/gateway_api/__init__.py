"""`gateway.networking.k8s.io`: the Kubernetes Gateway API, as far as Istio implements it.

Rules reach the kinds as `gateway_api.HTTPRoute`; a kind is imported when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.model.gateway_api.backend_tls_policy import BackendTLSPolicy
    from meshlint.model.gateway_api.gateway import Gateway
    from meshlint.model.gateway_api.gateway_class import GatewayClass
    from meshlint.model.gateway_api.grpc_route import GRPCRoute
    from meshlint.model.gateway_api.http_route import HTTPRoute
    from meshlint.model.gateway_api.listener_set import ListenerSet
    from meshlint.model.gateway_api.reference_grant import ReferenceGrant
    from meshlint.model.gateway_api.tcp_route import TCPRoute
    from meshlint.model.gateway_api.tls_route import TLSRoute
    from meshlint.model.gateway_api.udp_route import UDPRoute

__all__ = [
    "BackendTLSPolicy",
    "GRPCRoute",
    "Gateway",
    "GatewayClass",
    "HTTPRoute",
    "ListenerSet",
    "ReferenceGrant",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
]


def __getattr__(name: str) -> Any:
    from meshlint.model.kinds import kind_class

    found = kind_class("gateway.networking.k8s.io/v1", name)
    if found is None:
        raise AttributeError(f"the Gateway API has no kind {name!r}")
    globals()[name] = found
    return found
