"""The few questions that messages answer by themselves."""

from typing import Any

import pytest

from meshlint.model.base import Resource
from meshlint.model.kinds import convert
from meshlint.model.kubernetes.common import LabelSelector, LabelSelectorRequirement


def resource(api_version: str, kind: str, **spec: Any) -> Any:
    return convert({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, "spec": spec})


def test_destinations_of_a_virtual_service() -> None:
    def to(host: str) -> dict[str, Any]:
        return {"destination": {"host": host}}

    service = resource(
        "networking.istio.io/v1",
        "VirtualService",
        http=[
            {"route": [to("a"), to("b"), {"weight": 1}], "mirror": {"host": "c"}, "mirrors": [to("d"), {}]},
            {"redirect": {"uri": "/"}},
        ],
        tcp=[{"route": [to("f")]}, {}],
        tls=[{"route": [to("e")]}],
    )
    assert [destination.host for destination in service.destinations()] == ["a", "b", "c", "d", "e", "f"]
    assert list(resource("networking.istio.io/v1", "VirtualService").destinations()) == []


def test_total_weight_counts_absent_as_nothing() -> None:
    route = resource(
        "networking.istio.io/v1", "VirtualService", http=[{"route": [{"weight": 30}, {}, {"weight": 20}]}]
    ).http[0]
    assert route.total_weight == 50


def test_traffic_policies_of_a_destination_rule() -> None:
    rule = resource(
        "networking.istio.io/v1",
        "DestinationRule",
        trafficPolicy={"tls": {"mode": "SIMPLE"}},
        subsets=[{"name": "a"}, {"name": "b", "trafficPolicy": {"tls": {"mode": "DISABLE"}}}],
    )
    assert [policy.tls.mode for policy in rule.traffic_policies()] == ["SIMPLE", "DISABLE"]


def test_sources_and_operations_of_a_rule() -> None:
    policy = resource(
        "security.istio.io/v1",
        "AuthorizationPolicy",
        rules=[{"from": [{"source": {"principals": ["a"]}}, {}], "to": [{}, {"operation": {"paths": ["/"]}}]}, {}],
    )
    first, second = policy.rules
    assert policy.action == "ALLOW"
    assert [source.principals for source in first.sources()] == [("a",)]
    assert [operation.paths for operation in first.operations()] == [("/",)]
    assert [*second.sources(), *second.operations()] == []


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("security.istio.io/v1", "AuthorizationPolicy"),
        ("security.istio.io/v1", "RequestAuthentication"),
        ("telemetry.istio.io/v1", "Telemetry"),
        ("extensions.istio.io/v1alpha1", "WasmPlugin"),
    ],
)
def test_targets_join_both_forms(api_version: str, kind: str) -> None:
    policy = resource(api_version, kind, targetRef={"name": "a"}, targetRefs=[{"name": "b"}, {"name": "c"}])
    assert [target.name for target in policy.spec.targets] == ["a", "b", "c"]
    assert resource(api_version, kind).spec.targets == ()


TEMPLATE = {"metadata": {"labels": {"app": "x"}}, "spec": {"serviceAccountName": "bot", "containers": [{"name": "c"}]}}


@pytest.mark.parametrize(
    ("api_version", "kind", "spec"),
    [
        ("apps/v1", "Deployment", {"template": TEMPLATE}),
        ("apps/v1", "StatefulSet", {"template": TEMPLATE}),
        ("apps/v1", "DaemonSet", {"template": TEMPLATE}),
        ("apps/v1", "ReplicaSet", {"template": TEMPLATE}),
        ("v1", "ReplicationController", {"template": TEMPLATE, "selector": {"app": "x"}}),
        ("batch/v1", "Job", {"template": TEMPLATE}),
        ("batch/v1", "CronJob", {"jobTemplate": {"spec": {"template": TEMPLATE}}}),
        ("argoproj.io/v1alpha1", "Rollout", {"template": TEMPLATE}),
    ],
)
def test_every_controller_has_a_pod_template(api_version: str, kind: str, spec: dict[str, Any]) -> None:
    template = resource(api_version, kind, **spec).pod_template
    assert template.labels == {"app": "x"}
    assert template.annotations == {}
    assert template.spec.account == "bot"
    assert resource(api_version, kind).pod_template is None


def test_a_pod_is_its_own_template() -> None:
    pod = convert({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"app": "x"}}, "spec": TEMPLATE["spec"]})
    assert isinstance(pod, Resource)
    assert pod.pod_template is pod
    assert pod.pod_template.labels == {"app": "x"}


@pytest.mark.parametrize(
    ("spec", "account"),
    [
        ({}, "default"),
        ({"serviceAccount": "old"}, "old"),
        ({"serviceAccount": "old", "serviceAccountName": "new"}, "new"),
    ],
)
def test_account_of_a_pod(spec: dict[str, Any], account: str) -> None:
    assert resource("v1", "Pod", **spec).spec.account == account


def test_all_containers_and_probes() -> None:
    probe = {"httpGet": {"port": "http"}}
    spec = {
        "initContainers": [{"name": "a"}],
        "containers": [{"name": "b", "livenessProbe": probe, "startupProbe": probe}],
    }
    pod = resource("v1", "Pod", **spec)
    assert [container.name for container in pod.spec.all_containers()] == ["a", "b"]
    assert [probe.http_get.port for probe in pod.spec.containers[0].probes()] == ["http", "http"]


@pytest.mark.parametrize(
    ("spec", "headless", "external"),
    [
        ({}, False, False),
        ({"clusterIP": "None"}, True, False),
        ({"clusterIPs": ["None"]}, True, False),
        ({"clusterIP": "10.0.0.1"}, False, False),
        ({"type": "ExternalName", "externalName": "example.org"}, False, True),
    ],
)
def test_forms_of_services(spec: dict[str, Any], headless: bool, external: bool) -> None:
    service = resource("v1", "Service", **spec)
    assert (service.is_headless, service.is_external_name) == (headless, external)


def test_backends_of_routes_of_the_gateway_api() -> None:
    mirror = {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "m"}}}
    inner = {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "n"}}}
    rules = [
        {"backendRefs": [{"name": "a", "filters": [inner]}, {"name": "b"}], "filters": [mirror, {"type": "CORS"}]},
        {},
    ]
    for kind in ("HTTPRoute", "GRPCRoute"):
        route = resource("gateway.networking.k8s.io/v1", kind, rules=rules)
        assert [backend.name for backend in route.backends()] == ["a", "b", "m", "n"]
    route = resource("gateway.networking.k8s.io/v1", "TCPRoute", rules=[{"backendRefs": [{"name": "a"}]}])
    assert [backend.name for backend in route.backends()] == ["a"]


@pytest.mark.parametrize(
    ("operator", "values", "labels", "answer"),
    [
        ("In", ("a", "b"), {"k": "a"}, True),
        ("In", ("a", "b"), {"k": "c"}, False),
        ("In", ("a",), {}, False),
        ("NotIn", ("a",), {"k": "a"}, False),
        ("NotIn", ("a",), {}, True),
        ("Exists", None, {"k": ""}, True),
        ("Exists", None, {}, False),
        ("DoesNotExist", None, {"k": ""}, False),
        ("DoesNotExist", None, {}, True),
        ("Near", None, {}, None),
    ],
)
def test_label_selectors_match_as_in_apimachinery(
    operator: str, values: tuple[str, ...] | None, labels: dict[str, str], answer: bool | None
) -> None:
    requirement = LabelSelectorRequirement(key="k", operator=operator, values=values)
    assert LabelSelector(match_expressions=(requirement,)).matches(labels) is answer
    assert LabelSelector(match_labels={"z": "1"}, match_expressions=(requirement,)).matches(labels) is False
    assert LabelSelector().matches(labels) is True
