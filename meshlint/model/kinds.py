"""The table of kinds, and the way from a plain document to a typed resource."""

from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from meshlint.model.base import Generic, ObjectMeta, Opaque, Resource

_EXTENSIONS = "extensions.istio.io"
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
    ("", "Namespace"): "kubernetes.namespace:Namespace",
    ("", "Node"): "kubernetes.node:Node",
    ("", "Pod"): "kubernetes.pod:Pod",
    ("", "ReplicationController"): "kubernetes.workloads:ReplicationController",
    ("", "Service"): "kubernetes.service:Service",
    ("", "ServiceAccount"): "kubernetes.service_account:ServiceAccount",
    ("apps", "DaemonSet"): "kubernetes.workloads:DaemonSet",
    ("apps", "Deployment"): "kubernetes.workloads:Deployment",
    ("apps", "ReplicaSet"): "kubernetes.workloads:ReplicaSet",
    ("apps", "StatefulSet"): "kubernetes.workloads:StatefulSet",
    ("argoproj.io", "Rollout"): "kubernetes.workloads:Rollout",
    ("batch", "CronJob"): "kubernetes.workloads:CronJob",
    ("batch", "Job"): "kubernetes.workloads:Job",
}

_CLUSTER_SCOPED = frozenset({("", "Namespace"), ("", "Node")})


def group_of(api_version: str) -> str:
    """The group of an apiVersion: `apps` of `apps/v1`, `""` of `v1`."""
    return api_version.rpartition("/")[0]


@cache
def kind_class(api_version: str, kind: str) -> type[Resource] | None:
    """The class of a kind, imported on first use; None for a kind that has no model.

    The version plays no part: whether a release serves it is a question for the schemas.
    """
    entry = _KINDS.get((group_of(api_version), kind))
    if entry is None:
        return None
    module, _, name = entry.partition(":")
    found: type[Resource] = getattr(import_module(f"meshlint.model.{module}"), name)
    return found


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
    try:
        return msgspec.convert(data, found)
    except (msgspec.ValidationError, RecursionError):
        return Opaque(api_version, kind, _readable_metadata(data.get("metadata")))


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
