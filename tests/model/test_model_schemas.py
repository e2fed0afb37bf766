"""Every field of every supported release is in a struct, and every struct field is in some release."""

import json
from typing import Any

import msgspec
import pytest
from model.schema_files import SHARED, Comparison, crd_schemas, needs_shared

from meshlint.model.kinds import kind_class
from meshlint.model.mesh_config.mesh_config import MeshConfigSpec
from meshlint.model.mesh_config.mesh_networks import MeshNetworksSpec

ISTIO = [
    ("networking.istio.io", "VirtualService"),
    ("networking.istio.io", "DestinationRule"),
    ("networking.istio.io", "Gateway"),
    ("networking.istio.io", "ServiceEntry"),
    ("networking.istio.io", "Sidecar"),
    ("networking.istio.io", "WorkloadEntry"),
    ("networking.istio.io", "WorkloadGroup"),
    ("networking.istio.io", "EnvoyFilter"),
    ("networking.istio.io", "ProxyConfig"),
    ("security.istio.io", "AuthorizationPolicy"),
    ("security.istio.io", "PeerAuthentication"),
    ("security.istio.io", "RequestAuthentication"),
    ("telemetry.istio.io", "Telemetry"),
    ("extensions.istio.io", "WasmPlugin"),
    ("extensions.istio.io", "TrafficExtension"),
]
GATEWAY_API = [
    ("gateway.networking.k8s.io", kind)
    for kind in (
        "GatewayClass",
        "Gateway",
        "ListenerSet",
        "HTTPRoute",
        "GRPCRoute",
        "TLSRoute",
        "TCPRoute",
        "UDPRoute",
        "ReferenceGrant",
        "BackendTLSPolicy",
    )
]


@needs_shared
@pytest.mark.parametrize(("prefix", "kinds"), [("istio", ISTIO), ("gateway-api", GATEWAY_API)])
def test_structs_hold_the_fields_of_all_releases(prefix: str, kinds: list[tuple[str, str]]) -> None:
    schemas = crd_schemas(prefix)
    comparison = Comparison()
    for group, kind in kinds:
        struct = kind_class(f"{group}/v1", kind)
        assert struct is not None
        spec = {field.name: field.type for field in msgspec.structs.fields(struct)}["spec"]
        comparison.compare(schemas[group, kind]["properties"]["spec"], spec, f"{kind}.spec")
    assert comparison.differences == []
    assert comparison.surplus() == []


@needs_shared
def test_all_kinds_of_istio_are_modelled() -> None:
    assert set(crd_schemas("istio")) == set(ISTIO)


@needs_shared
def test_the_experimental_listener_set_adds_no_field() -> None:
    schema = crd_schemas("gateway-api")["gateway.networking.x-k8s.io", "XListenerSet"]
    struct = kind_class("gateway.networking.x-k8s.io/v1alpha1", "XListenerSet")
    assert struct is kind_class("gateway.networking.k8s.io/v1", "ListenerSet")
    spec = {field.name: field.type for field in msgspec.structs.fields(struct)}["spec"]
    comparison = Comparison()
    comparison.compare(schema["properties"]["spec"], spec, "spec")
    assert comparison.differences == []


_SCALARS = {
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "int32": {"type": "integer"},
    "uint32": {"type": "integer"},
    "double": {"type": "number"},
    "google.protobuf.Duration": {"type": "string"},
    "google.protobuf.BoolValue": {"type": "boolean"},
    "google.protobuf.Int32Value": {"type": "integer"},
    "google.protobuf.Int64Value": {"x-kubernetes-int-or-string": True},
}


@needs_shared
@pytest.mark.parametrize(("message", "struct"), [("MeshConfig", MeshConfigSpec), ("MeshNetworks", MeshNetworksSpec)])
def test_mesh_config_holds_the_fields_of_its_proto(message: str, struct: type[msgspec.Struct]) -> None:
    messages = json.loads((SHARED / "reference" / "mesh-config-fields.json").read_text(encoding="utf-8"))["messages"]
    crds = crd_schemas("istio")
    elsewhere = {
        "TcpKeepalive": _at(crds, "DestinationRule", "trafficPolicy", "connectionPool", "tcp", "tcpKeepalive"),
        "ConnectionPoolSettings": _at(crds, "DestinationRule", "trafficPolicy", "connectionPool"),
        "OutlierDetection": _at(crds, "DestinationRule", "trafficPolicy", "outlierDetection"),
        "ClientTLSSettings": _at(crds, "DestinationRule", "trafficPolicy", "tls"),
        "LocalityLoadBalancerSetting": _at(
            crds, "DestinationRule", "trafficPolicy", "loadBalancer", "localityLbSetting"
        ),
        "ZoneAwareLoadBalancerSetting": _at(
            crds, "DestinationRule", "trafficPolicy", "loadBalancer", "zoneAwareLbSetting"
        ),
        "HTTPRetry": _at(crds, "VirtualService", "http", "retries"),
        "ReadinessProbe": _at(crds, "WorkloadGroup", "probe"),
        "ProxyImage": _at(crds, "ProxyConfig", "image"),
    }

    def as_schema(type_name: str, scope: str) -> dict[str, Any]:
        if type_name.startswith("repeated "):
            return {"type": "array", "items": as_schema(type_name.removeprefix("repeated "), scope)}
        if type_name.startswith("map<"):
            return {"type": "object", "additionalProperties": as_schema(type_name[4:-1].split(", ")[1], scope)}
        if type_name == "google.protobuf.Struct":
            return {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        if type_name.startswith("istio."):
            return elsewhere[type_name.rpartition(".")[2]]
        if type_name in _SCALARS:
            return _SCALARS[type_name]
        outer = scope.split(".")
        scopes = [".".join([*outer[:depth], type_name]) for depth in range(len(outer), -1, -1)]
        name = next(candidate for candidate in scopes if candidate in messages)
        if messages[name]["kind"] == "enum":
            return {"type": "string"}
        fields = messages[name].get("fields", {})
        return {"type": "object", "properties": {key: as_schema(field["type"], name) for key, field in fields.items()}}

    comparison = Comparison()
    comparison.compare(as_schema(message, ""), struct, message)
    assert comparison.differences == []
    assert comparison.surplus() == []


def _at(crds: dict[tuple[str, str], dict[str, Any]], kind: str, *path: str) -> dict[str, Any]:
    schema: dict[str, Any] = crds["networking.istio.io", kind]["properties"]["spec"]
    for name in path:
        schema = schema.get("items", schema)["properties"][name]
    return schema
