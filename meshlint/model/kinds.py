"""The table of kinds, and the way from a plain document to a typed resource."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from meshlint.model.base import UNCONVERTIBLE, Generic, ObjectMeta, Opaque, Resource

_ADMISSION = "admissionregistration.k8s.io"
_EXTENSIONS = "extensions.istio.io"
GATEWAY_API = "gateway.networking.k8s.io"
"""The group of the Gateway API."""
_NETWORKING = "networking.istio.io"
_SECURITY = "security.istio.io"

# (group, kind) -> module below meshlint.model and class. All served versions of a kind share one class.
# Text, not classes: a run imports only the modules of kinds that occur.
_KINDS: dict[tuple[str, str], str] = {
    (_EXTENSIONS, "TrafficExtension"): "extensions.traffic_extension:TrafficExtension",
    (_EXTENSIONS, "WasmPlugin"): "extensions.wasm_plugin:WasmPlugin",
    (_NETWORKING, "DestinationRule"): "networking.destination_rule:DestinationRule",
    (_NETWORKING, "EnvoyFilter"): "networking.envoy_filter:EnvoyFilter",
    (_NETWORKING, "Gateway"): "networking.gateway:Gateway",
    (_NETWORKING, "ProxyConfig"): "networking.proxy_config:ProxyConfig",
    (_NETWORKING, "ServiceEntry"): "networking.service_entry:ServiceEntry",
    (_NETWORKING, "Sidecar"): "networking.sidecar:Sidecar",
    (_NETWORKING, "VirtualService"): "networking.virtual_service:VirtualService",
    (_NETWORKING, "WorkloadEntry"): "networking.workload_entry:WorkloadEntry",
    (_NETWORKING, "WorkloadGroup"): "networking.workload_group:WorkloadGroup",
    (_SECURITY, "AuthorizationPolicy"): "security.authorization_policy:AuthorizationPolicy",
    (_SECURITY, "PeerAuthentication"): "security.peer_authentication:PeerAuthentication",
    (_SECURITY, "RequestAuthentication"): "security.request_authentication:RequestAuthentication",
    ("telemetry.istio.io", "Telemetry"): "telemetry.telemetry:Telemetry",
    ("install.istio.io", "IstioOperator"): "mesh_config.istio_operator:IstioOperator",
    (GATEWAY_API, "BackendTLSPolicy"): "gateway_api.backend_tls_policy:BackendTLSPolicy",
    (GATEWAY_API, "GRPCRoute"): "gateway_api.grpc_route:GRPCRoute",
    (GATEWAY_API, "Gateway"): "gateway_api.gateway:Gateway",
    (GATEWAY_API, "GatewayClass"): "gateway_api.gateway_class:GatewayClass",
    (GATEWAY_API, "HTTPRoute"): "gateway_api.http_route:HTTPRoute",
    (GATEWAY_API, "ListenerSet"): "gateway_api.listener_set:ListenerSet",
    (GATEWAY_API, "ReferenceGrant"): "gateway_api.reference_grant:ReferenceGrant",
    (GATEWAY_API, "TCPRoute"): "gateway_api.tcp_route:TCPRoute",
    (GATEWAY_API, "TLSRoute"): "gateway_api.tls_route:TLSRoute",
    (GATEWAY_API, "UDPRoute"): "gateway_api.udp_route:UDPRoute",
    ("gateway.networking.x-k8s.io", "XListenerSet"): "gateway_api.listener_set:ListenerSet",
    ("", "ConfigMap"): "kubernetes.config:ConfigMap",
    ("", "Endpoints"): "kubernetes.endpoints:Endpoints",
    ("", "Namespace"): "kubernetes.namespace:Namespace",
    ("", "Node"): "kubernetes.node:Node",
    ("", "Pod"): "kubernetes.pod:Pod",
    ("", "ReplicationController"): "kubernetes.workloads:ReplicationController",
    ("", "Secret"): "kubernetes.config:Secret",
    ("", "Service"): "kubernetes.service:Service",
    ("", "ServiceAccount"): "kubernetes.service_account:ServiceAccount",
    (_ADMISSION, "MutatingWebhookConfiguration"): "kubernetes.admission:MutatingWebhookConfiguration",
    (_ADMISSION, "ValidatingWebhookConfiguration"): "kubernetes.admission:ValidatingWebhookConfiguration",
    ("apiextensions.k8s.io", "CustomResourceDefinition"): "kubernetes.extension:CustomResourceDefinition",
    ("apiregistration.k8s.io", "APIService"): "kubernetes.extension:APIService",
    ("apps", "DaemonSet"): "kubernetes.workloads:DaemonSet",
    ("apps", "Deployment"): "kubernetes.workloads:Deployment",
    ("apps", "ReplicaSet"): "kubernetes.workloads:ReplicaSet",
    ("apps", "StatefulSet"): "kubernetes.workloads:StatefulSet",
    ("argoproj.io", "Rollout"): "kubernetes.workloads:Rollout",
    ("batch", "CronJob"): "kubernetes.workloads:CronJob",
    ("batch", "Job"): "kubernetes.workloads:Job",
    ("discovery.k8s.io", "EndpointSlice"): "kubernetes.endpoints:EndpointSlice",
    ("networking.k8s.io", "Ingress"): "kubernetes.ingress:Ingress",
    ("networking.k8s.io", "IngressClass"): "kubernetes.ingress:IngressClass",
    ("networking.k8s.io", "NetworkPolicy"): "kubernetes.network_policy:NetworkPolicy",
}

_WITHOUT_API_VERSION = {
    "MeshConfig": "mesh_config.mesh_config:MeshConfig",
    "MeshNetworks": "mesh_config.mesh_networks:MeshNetworks",
    "Workload": "kubernetes.workloads:Workload",
}

_CLUSTER_SCOPED = frozenset(
    {
        ("", "Namespace"),
        ("", "Node"),
        (_ADMISSION, "MutatingWebhookConfiguration"),
        (_ADMISSION, "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        (GATEWAY_API, "GatewayClass"),
        ("networking.k8s.io", "IngressClass"),
    }
)

POD_PATHS: dict[str, tuple[str, ...]] = {
    "Pod": (),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout"),
        ("spec", "template"),
    ),
}
"""Where the documents of kinds that run pods describe them."""


def group_of(api_version: str) -> str:
    """The group of an apiVersion: `apps` of `apps/v1`, `""` of `v1`."""
    return api_version.rpartition("/")[0]


@cache
def kind_class(api_version: str, kind: str) -> type[Resource] | None:
    """The class of a kind, imported on first use; None for a kind that has no model.

    The version plays no part: whether a release serves it is a question for the schemas.
    """
    entry = _KINDS.get((group_of(api_version), kind))
    return _imported(entry) if entry else None


def kind_named(name: str) -> Any:
    """The kind of Istio or Kubernetes of this name, as rules import it; None where there is none.

    `Workload` is the union of all that runs pods. The kinds of the Gateway API are not among
    them: `meshlint.model.gateway_api` has those.
    """
    entry = _WITHOUT_API_VERSION.get(name) or next(
        (entry for (group, kind), entry in _KINDS.items() if kind == name and not group.startswith("gateway.")), None
    )
    return _imported(entry) if entry else None


def every_kind() -> Iterator[type[Resource]]:
    """Every kind that has a model and an apiVersion, all imported."""
    return map(_imported, _KINDS.values())


def _imported(entry: str) -> Any:
    module, _, name = entry.partition(":")
    return getattr(import_module(f"meshlint.model.{module}"), name)


def is_namespaced(group: str, kind: str) -> bool | None:
    """Whether objects of the kind live in a namespace; None for a kind that has no model."""
    if (group, kind) in _CLUSTER_SCOPED:
        return False
    return True if (group, kind) in _KINDS else None


def convert(data: dict[str, Any]) -> Resource:
    """Make a typed resource of a document that has `apiVersion` and `kind`. Never raises.

    A known kind whose content does not fit becomes `Opaque`, another kind `Generic`. A field that
    no struct knows does not stand in the way. Values are not coerced: `"80"` is no number.
    """
    api_version, kind = data.get("apiVersion"), data.get("kind")
    if not (isinstance(api_version, str) and isinstance(kind, str)):
        return Opaque(_text(api_version), _text(kind), _readable_metadata(data.get("metadata")))
    found = kind_class(api_version, kind)
    if found is None:
        return Generic(api_version, kind, _readable_metadata(data.get("metadata")), data)
    if kind == "Secret":
        data = _without_values(data)
    try:
        return _converted(data, found)
    except UNCONVERTIBLE:
        return Opaque(api_version, kind, _readable_metadata(data.get("metadata")))


def _converted(data: dict[str, Any], found: type[Resource]) -> Resource:
    try:
        return msgspec.convert(data, found)
    except msgspec.ValidationError:
        # Before it validates a custom resource, the API server removes nulls where none is allowed:
        # from objects and maps, not from lists. None stands for them in objects, but not in maps.
        if found.__module__.startswith("meshlint.model.kubernetes"):
            raise
        return msgspec.convert({**data, "spec": _without_null_entries(data.get("spec"))}, found)


def _without_null_entries(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_null_entries(entry) for key, entry in value.items() if entry is not None}
    return [_without_null_entries(item) for item in value] if isinstance(value, list) else value


def _without_values(secret: dict[str, Any]) -> dict[str, Any]:
    """The document of a Secret with the names in it, but without the values."""
    names = {field: secret[field] for field in ("data", "stringData") if isinstance(secret.get(field), dict)}
    return {**secret, **{field: dict.fromkeys(entries) for field, entries in names.items()}}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _readable_metadata(metadata: Any) -> ObjectMeta | None:
    """What can be read of metadata of any form: names that are texts, labels whose values are texts."""
    if not isinstance(metadata, dict):
        return None
    return ObjectMeta(
        name=_text(metadata.get("name")) or None,
        generate_name=_text(metadata.get("generateName")) or None,
        namespace=_text(metadata.get("namespace")) or None,
        labels=_readable_texts(metadata.get("labels")),
        annotations=_readable_texts(metadata.get("annotations")),
    )


def _readable_texts(texts: Any) -> dict[str, str] | None:
    if not isinstance(texts, dict):
        return None
    return {key: text for key, text in texts.items() if isinstance(key, str) and isinstance(text, str)}
