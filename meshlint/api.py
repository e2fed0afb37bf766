"""All that a rule may import. Names resolve on first use, so that a rule costs only what it needs.

Istio and Kubernetes kinds are here by name (`VirtualService`, `Service`, `Workload`), the Gateway
API as `gateway_api` (`gateway_api.HTTPRoute`), since it has a `Gateway` of its own. Nested messages
are reached through their kind's module.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.model import gateway_api
    from meshlint.findings import Edit, Findings, Fix, Part, Place, Severity, Spot, at, finding
    from meshlint.mesh.answers import Answer
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Generic, ObjectMeta, Opaque, Resource
    from meshlint.model.annotation_values import ANNOTATION_FORMS, LABEL_FORMS
    from meshlint.model.annotations import ANNOTATIONS, LABELS, Known, nearest_key
    from meshlint.model.durations import duration_text, seconds
    from meshlint.model.extensions.traffic_extension import TrafficExtension
    from meshlint.model.extensions.wasm_plugin import WasmPlugin
    from meshlint.model.kubernetes.admission import MutatingWebhookConfiguration, ValidatingWebhookConfiguration
    from meshlint.model.kubernetes.config import ConfigMap, Secret
    from meshlint.model.kubernetes.endpoints import EndpointSlice, Endpoints
    from meshlint.model.kubernetes.extension import APIService, CustomResourceDefinition
    from meshlint.model.kubernetes.ingress import Ingress, IngressClass
    from meshlint.model.kubernetes.namespace import Namespace
    from meshlint.model.kubernetes.network_policy import NetworkPolicy
    from meshlint.model.kubernetes.node import Node
    from meshlint.model.kubernetes.pod import Pod
    from meshlint.model.kubernetes.service import Service
    from meshlint.model.kubernetes.service_account import ServiceAccount
    from meshlint.model.kubernetes.workloads import (
        CronJob,
        DaemonSet,
        Deployment,
        Job,
        ReplicaSet,
        ReplicationController,
        Rollout,
        StatefulSet,
        Workload,
    )
    from meshlint.model.mesh_config.istio_operator import IstioOperator
    from meshlint.model.mesh_config.mesh_config import MeshConfig
    from meshlint.model.mesh_config.mesh_networks import MeshNetworks
    from meshlint.model.networking.destination_rule import DestinationRule
    from meshlint.model.networking.envoy_filter import EnvoyFilter
    from meshlint.model.networking.gateway import Gateway
    from meshlint.model.networking.proxy_config import ProxyConfig
    from meshlint.model.networking.service_entry import ServiceEntry
    from meshlint.model.networking.sidecar import Sidecar
    from meshlint.model.networking.virtual_service import VirtualService
    from meshlint.model.networking.workload_entry import WorkloadEntry
    from meshlint.model.networking.workload_group import WorkloadGroup
    from meshlint.model.security.authorization_policy import AuthorizationPolicy
    from meshlint.model.security.peer_authentication import PeerAuthentication
    from meshlint.model.security.request_authentication import RequestAuthentication
    from meshlint.model.telemetry.telemetry import Telemetry
    from meshlint.problems import (
        BrokenConstraint,
        DeprecatedField,
        DeprecatedVersion,
        DuplicateKey,
        DuplicateResource,
        GoneKind,
        MissingField,
        NewerField,
        NoMapping,
        SchemaProblem,
        SuppressionWithoutReason,
        SyntaxProblem,
        UnknownField,
        UnknownKind,
        UnknownSetting,
        UnknownSuppression,
        UnservedVersion,
        UnusedSuppression,
        WrongValue,
    )
    from meshlint.registry import Options, rule
    from meshlint.schemas.versions import Target, is_before
    from meshlint.schemas.words import listed, shown

_HOMES = {
    "meshlint.findings": (
        "Edit",
        "Findings",
        "Fix",
        "Part",
        "Place",
        "Severity",
        "Spot",
        "at",
        "finding",
    ),
    "meshlint.mesh.answers": ("Answer",),
    "meshlint.mesh.mesh": ("Mesh",),
    "meshlint.model.base": (
        "Generic",
        "ObjectMeta",
        "Opaque",
        "Resource",
    ),
    "meshlint.model.annotation_values": ("ANNOTATION_FORMS", "LABEL_FORMS"),
    "meshlint.model.annotations": ("ANNOTATIONS", "LABELS", "Known", "nearest_key"),
    "meshlint.model.durations": (
        "duration_text",
        "seconds",
    ),
    "meshlint.problems": (
        "BrokenConstraint",
        "DeprecatedField",
        "DeprecatedVersion",
        "DuplicateKey",
        "DuplicateResource",
        "GoneKind",
        "MissingField",
        "NewerField",
        "NoMapping",
        "SchemaProblem",
        "SuppressionWithoutReason",
        "SyntaxProblem",
        "UnknownField",
        "UnknownKind",
        "UnknownSetting",
        "UnknownSuppression",
        "UnservedVersion",
        "UnusedSuppression",
        "WrongValue",
    ),
    "meshlint.registry": (
        "Options",
        "rule",
    ),
    "meshlint.schemas.versions": ("Target", "is_before"),
    "meshlint.schemas.words": ("listed", "shown"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    value: Any
    if name == "gateway_api":
        value = importlib.import_module("meshlint.model.gateway_api")
    elif name in _HOME_OF:
        value = getattr(importlib.import_module(_HOME_OF[name]), name)
    else:
        from meshlint.model.kinds import kind_named

        value = kind_named(name)
    if value is None:
        raise AttributeError(f"meshlint.api has no {name!r}")
    globals()[name] = value
    return value
