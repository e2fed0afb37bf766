"""From plain documents to typed resources: what is kept, what is absent, what is opaque."""

import json
import pickle
from collections.abc import Iterator
from typing import Any, get_args

import msgspec
import pytest

from meshlint.model import gateway_api
from meshlint.model.base import Generic, Opaque, Resource
from meshlint.model.kinds import convert, is_namespaced, kind_class, kind_named
from meshlint.model.kubernetes.config import ConfigMap, Secret
from meshlint.model.kubernetes.service import Service
from meshlint.model.mesh_config.istio_operator import IstioOperator
from meshlint.model.mesh_config.mesh_config import MeshConfig, mesh_config
from meshlint.model.mesh_config.mesh_networks import MeshNetworks, mesh_networks
from meshlint.model.networking.destination_rule import DestinationRule
from meshlint.model.networking.virtual_service import VirtualService
from meshlint.model.security.peer_authentication import PeerAuthentication

VIRTUAL_SERVICE = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "reviews"}}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "reviews"}}


def virtual_service(**spec: Any) -> VirtualService:
    resource = convert({**VIRTUAL_SERVICE, "spec": spec})
    assert isinstance(resource, VirtualService)
    return resource


def service(**spec: Any) -> Service:
    resource = convert({**SERVICE, "spec": spec})
    assert isinstance(resource, Service)
    return resource


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha3"])
def test_all_served_versions_share_a_class(version: str) -> None:
    assert kind_class(f"networking.istio.io/{version}", "DestinationRule") is DestinationRule


def test_gateways_of_istio_and_of_the_gateway_api_are_two_classes() -> None:
    ours = kind_class("networking.istio.io/v1", "Gateway")
    assert ours
    assert ours is not kind_class("gateway.networking.k8s.io/v1", "Gateway")


def test_kinds_by_name_are_those_of_istio_and_kubernetes() -> None:
    assert kind_named("VirtualService") is VirtualService
    assert kind_named("Gateway") is kind_class("networking.istio.io/v1", "Gateway")
    assert kind_named("MeshConfig") is MeshConfig
    assert Service not in get_args(kind_named("Workload"))
    assert kind_class("apps/v1", "Deployment") in get_args(kind_named("Workload"))
    assert kind_named("HTTPRoute") is None
    assert kind_named("Widget") is None


def test_kinds_of_the_gateway_api_are_in_its_package() -> None:
    for name in gateway_api.__all__:
        assert getattr(gateway_api, name) is kind_class("gateway.networking.k8s.io/v1", name)
    with pytest.raises(AttributeError, match="the Gateway API has no kind 'VirtualService'"):
        _ = gateway_api.VirtualService  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("group", "kind", "answer"),
    [
        ("", "Namespace", False),
        ("", "Service", True),
        ("gateway.networking.k8s.io", "GatewayClass", False),
        ("gateway.networking.k8s.io", "Gateway", True),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", False),
        ("networking.istio.io", "VirtualService", True),
        ("networking.istio.io", "Service", None),
        ("example.org", "Widget", None),
    ],
)
def test_scope_of_kinds(group: str, kind: str, answer: bool | None) -> None:
    assert is_namespaced(group, kind) is answer


def test_absent_and_empty_differ() -> None:
    assert virtual_service().spec.http is None
    assert virtual_service(http=[]).spec.http == ()
    (route,) = virtual_service(http=[{"retries": {}, "match": []}]).spec.http
    assert route.retries is not None
    assert route.match == ()
    assert route.fault is None
    assert convert(VIRTUAL_SERVICE).spec is None
    assert convert({**VIRTUAL_SERVICE, "spec": {}}).spec is not None


def test_a_null_is_an_absent_field() -> None:
    (route,) = virtual_service(http=[{"retries": None, "timeout": None}], hosts=None).spec.http
    assert route.retries is None
    assert convert({**VIRTUAL_SERVICE, "spec": None}).spec is None


def test_a_null_in_a_map_of_a_custom_resource_is_an_absent_entry() -> None:
    match = {"headers": {"x-a": None, "x-b": {"exact": "1"}}, "sourceLabels": {"app": None}}
    (route,) = virtual_service(http=[{"match": [match]}]).spec.http
    (found,) = route.match
    assert set(found.headers) == {"x-b"}
    assert found.source_labels == {}


def test_a_null_in_a_map_of_kubernetes_itself_is_not_read() -> None:
    assert isinstance(convert({**SERVICE, "spec": {"selector": {"app": None}}}), Opaque)
    assert isinstance(convert({**VIRTUAL_SERVICE, "metadata": {"labels": {"app": None}}}), Opaque)


def test_unknown_fields_do_not_stand_in_the_way() -> None:
    (route,) = virtual_service(http=[{"retires": {"attempts": 3}, "timeout": "5s"}], hots=["a"]).spec.http
    assert route.timeout == "5s"


@pytest.mark.parametrize("port", [8080, "http"])
def test_int_or_string_keeps_the_type_that_is_written(port: int | str) -> None:
    assert service(ports=[{"port": 80, "targetPort": port}]).ports[0].target_port == port


def test_names_that_camel_case_does_not_give() -> None:
    headless = service(clusterIP="None", externalIPs=["10.0.0.1"], clusterIPs=["None"])
    assert headless.spec.cluster_ip == "None"
    assert headless.spec.external_ips == ("10.0.0.1",)
    assert headless.is_headless
    rule = convert(
        {
            "apiVersion": "networking.istio.io/v1",
            "kind": "DestinationRule",
            "spec": {"host": "a", "trafficPolicy": {"outlierDetection": {"consecutive5xxErrors": 3}}},
        }
    )
    assert rule.spec.traffic_policy.outlier_detection.consecutive_5xx_errors == 3


def test_both_spellings_of_mirror_percent() -> None:
    (route,) = virtual_service(http=[{"mirrorPercent": 5, "mirror_percent": 6}]).spec.http
    assert (route.mirror_percent, route.mirror_percent_snake) == (5, 6)


def test_equal_messages_stay_two() -> None:
    destination = {"destination": {"host": "reviews"}}
    first, second = virtual_service(http=[{"route": [destination, destination]}]).destinations()
    assert first is not second
    assert first != second
    assert len({first, second}) == 2
    assert msgspec.to_builtins(first) == msgspec.to_builtins(second)


def test_untyped_content_is_kept_as_it_is() -> None:
    value = {"name": "x", "typed_config": {"@type": "y", "limits": [1, None, 1.5]}}
    patch = {"applyTo": "HTTP_FILTER", "patch": {"operation": "ADD", "value": value}}
    document = {"apiVersion": "networking.istio.io/v1alpha3", "kind": "EnvoyFilter", "spec": {"configPatches": [patch]}}
    assert convert(document).spec.config_patches[0].patch.value == value


@pytest.mark.parametrize(
    "spec",
    [
        {"hosts": "reviews"},
        {"hosts": [None]},
        {"hosts": [80]},
        {"http": {}},
        {"http": [None]},
        {"http": [{"timeout": 5}]},
        {"http": [{"route": [{"weight": "50"}]}]},
        {"http": [{"route": [{"weight": 50.5}]}]},
        {"http": [{"route": [{"weight": True}]}]},
        {"http": [{"match": [{"sourceLabels": {"app": 1}}]}]},
        [],
        3,
        "text",
    ],
)
def test_content_of_another_type_makes_a_resource_opaque(spec: Any) -> None:
    metadata = {"name": "reviews", "namespace": "shop", "labels": {"app": "reviews"}}
    resource = convert({**VIRTUAL_SERVICE, "metadata": metadata, "spec": spec})
    assert isinstance(resource, Opaque)
    assert (resource.kind, resource.name, resource.namespace) == ("VirtualService", "reviews", "shop")
    assert resource.labels == {"app": "reviews"}


@pytest.mark.parametrize(
    ("metadata", "name", "labels"),
    [
        (3, "", {}),
        ([], "", {}),
        ("reviews", "", {}),
        ({"name": 3}, "", {}),
        ({"name": "a", "labels": 3}, "a", {}),
        ({"name": "a", "labels": {"app": 1, "version": "v1", 2: "x"}}, "a", {"version": "v1"}),
        ({"name": "a", "annotations": {"x": True}, "labels": {"app": "a"}}, "a", {"app": "a"}),
        ({"name": "a", "ownerReferences": 3}, "a", {}),
        ({"name": "a", "namespace": ["b"], 3: 4}, "a", {}),
    ],
)
def test_metadata_of_any_form_is_read_as_far_as_it_goes(metadata: Any, name: str, labels: dict[str, str]) -> None:
    resource = convert({**SERVICE, "metadata": metadata})
    assert isinstance(resource, Opaque)
    assert resource.name == name
    assert resource.labels == labels
    assert convert({"apiVersion": "x/v1", "kind": "Y", "metadata": metadata}).labels == labels


def test_missing_metadata_is_no_fault() -> None:
    resource = convert({"apiVersion": "v1", "kind": "Service"})
    assert isinstance(resource, Service)
    assert (resource.name, resource.namespace, resource.labels, resource.annotations) == ("", None, {}, {})


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"apiVersion": "v1"},
        {"kind": "Service"},
        {"apiVersion": 1, "kind": "Service"},
        {"apiVersion": "v1", "kind": ["Service"], "metadata": {"name": "a"}},
        {"apiVersion": None, "kind": None},
    ],
)
def test_documents_without_a_kind_are_opaque(data: dict[str, Any]) -> None:
    assert isinstance(convert(data), Opaque)


def test_a_kind_without_a_model_is_generic() -> None:
    document = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {"size": 3}}
    resource = convert(document)
    assert isinstance(resource, Generic)
    assert (resource.api_version, resource.kind, resource.name) == ("example.org/v1", "Widget", "w")
    assert resource.content == document


def nested(depth: int) -> Any:
    value: Any = "end"
    for _ in range(depth):
        value = {"a": [value]}
    return value


def odd_values() -> Iterator[Any]:
    yield from (None, True, 0, -1, 10**400, 1.5, float("inf"), float("nan"), "", "\0", "\ud800", [], {}, [[]], {"": ""})
    yield {3: 4}
    yield {None: {True: ()}}
    yield nested(20_000)


@pytest.mark.parametrize(
    "api_version", ["v1", "networking.istio.io/v1", "gateway.networking.k8s.io/v1", "/", "", "a/b/c"]
)
@pytest.mark.parametrize("kind", ["Service", "VirtualService", "Gateway", "Secret", "ConfigMap", "", "__class__"])
def test_no_plain_data_raises(api_version: str, kind: str) -> None:
    document = {"apiVersion": api_version, "kind": kind}
    for value in odd_values():
        for field in ("metadata", "spec", "status", "data", "apiVersion", "kind", 3):
            assert isinstance(convert({**document, field: value}), Resource)
        assert isinstance(convert({**document, "spec": {"http": [{"mirrorPercentage": {"value": value}}]}}), Resource)
        for field in ("name", "labels", "annotations", "ownerReferences"):
            assert isinstance(convert({**document, "metadata": {field: value}}), Resource)


def test_values_of_a_secret_are_not_kept() -> None:
    secret = convert(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/tls",
            "data": {"tls.crt": "aHVzaA==", "tls.key": "aHVzaA=="},
            "stringData": {"ca.crt": "hush"},
        }
    )
    assert isinstance(secret, Secret)
    assert secret.type == "kubernetes.io/tls"
    assert secret.keys == {"tls.crt", "tls.key", "ca.crt"}
    assert "hush" not in repr(secret)
    assert "aHVzaA" not in repr(secret)


def test_values_of_a_config_map_are_kept() -> None:
    config = convert({"apiVersion": "v1", "kind": "ConfigMap", "data": {"mesh": "a: b\n"}, "binaryData": {"x": "eA=="}})
    assert isinstance(config, ConfigMap)
    assert config.data == {"mesh": "a: b\n"}
    assert config.keys == {"mesh", "x"}


def test_mesh_config_reads_like_a_resource() -> None:
    config = mesh_config(
        {"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}, "meshMTLS": {"minProtocolVersion": "TLSV1_3"}}
    )
    assert isinstance(config, MeshConfig)
    assert config.spec.outbound_traffic_policy.mode == "REGISTRY_ONLY"
    assert config.spec.mesh_mtls.min_protocol_version == "TLSV1_3"
    assert mesh_config(None).spec is None


def test_mesh_config_under_proto_names_is_opaque_rather_than_taken_for_absent() -> None:
    assert isinstance(mesh_config({"root_namespace": "mesh", "rootNamespace": "istio-system"}), Opaque)


def test_an_istio_operator_carries_mesh_config() -> None:
    operator = convert(
        {
            "apiVersion": "install.istio.io/v1alpha1",
            "kind": "IstioOperator",
            "spec": {"meshConfig": {"enableAutoMtls": False}, "values": {"global": {"meshID": "m"}}},
        }
    )
    assert isinstance(operator, IstioOperator)
    assert operator.spec.mesh_config.enable_auto_mtls is False
    assert operator.spec.values == {"global": {"meshID": "m"}}


def test_mesh_networks_read_like_a_resource() -> None:
    networks = mesh_networks({"networks": {"n1": {"endpoints": [{"fromRegistry": "r"}], "gateways": [{"port": 443}]}}})
    assert isinstance(networks, MeshNetworks)
    assert networks.spec.networks["n1"].endpoints[0].from_registry == "r"


@pytest.mark.parametrize("data", [3, [], {"enableAutoMtls": "yes"}, {"extensionProviders": {}}, {3: 4}, nested(20_000)])
def test_mesh_config_of_another_form_is_opaque(data: Any) -> None:
    assert isinstance(mesh_config(data), (Opaque, MeshConfig))
    assert isinstance(mesh_networks({"networks": data}), (Opaque, MeshNetworks))
    assert isinstance(mesh_config([data]), Opaque)


def test_resources_encode_as_they_were_written() -> None:
    document = {
        **VIRTUAL_SERVICE,
        "spec": {
            "hosts": ["a"],
            "http": [{"mirror_percent": 5, "retries": {}, "route": [{"destination": {"host": "a"}}]}],
        },
    }
    assert json.loads(msgspec.json.encode(convert(document))) == document


def test_resources_cross_the_border_of_a_process() -> None:
    spec = {"http": [{"route": [{"destination": {"host": "a"}}], "retries": {}}]}
    resource = convert({**VIRTUAL_SERVICE, "spec": spec})
    copy = pickle.loads(pickle.dumps(resource))
    assert type(copy) is VirtualService
    assert msgspec.to_builtins(copy) == msgspec.to_builtins(resource)
    assert copy.http[0].retries is not None


def test_port_level_modes_go_by_the_text_of_the_port() -> None:
    policy = convert(
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "spec": {"portLevelMtls": {"8080": {"mode": "DISABLE"}}},
        }
    )
    assert isinstance(policy, PeerAuthentication)
    assert policy.spec.port_level_mtls["8080"].mode == "DISABLE"
