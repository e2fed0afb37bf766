"""Who calls whom: by settings, by routes, through gateways."""

import pytest
from building import build, named
from meshes import namespace, pod, service

from meshlint.mesh.callers import Evidence

SHOP = namespace("shop") + pod("web") + service("web") + pod("bank", home="bank") + service("bank", home="bank")


def with_setting(value: str, variable: str = "UPSTREAM_URL", home: str = "shop", name: str = "till") -> str:
    return f"""---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {home}, labels: {{app: {name}}}}}
spec: {{containers: [{{name: main, image: x, env: [{{name: {variable}, value: {value!r}}}]}}]}}
"""


def route(name: str, host: str, destination: str, gateways: str = "[mesh]") -> str:
    return f"""---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{hosts: [{host}], gateways: {gateways}, http: [{{route: [{{destination: {{host: {destination}}}}}]}}]}}
"""


def calls(text: str) -> set[tuple[str, str, int | None]]:
    return {(call.client.name, call.service.name, call.port) for call in build(text).callers.all}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://web", {("till", "web", 80)}),
        ("http://web.shop:9090", {("till", "web", 9090)}),
        ("http://web.shop.svc", {("till", "web", 80)}),
        ("http://web.shop.svc.cluster.local", {("till", "web", 80)}),
        ("http://bank.bank", {("till", "bank", 80)}),
        ("http://bank", set()),
        ("http://web.elsewhere", set()),
        ("http://web.shop.example.com", set()),
        ("http://web http://web", {("till", "web", 80)}),
    ],
)
def test_a_setting_names_a_service(value, expected):
    assert calls(SHOP + with_setting(value)) == expected


def test_a_call_of_no_port_may_be_one_of_any():
    [call] = build(SHOP + with_setting("web.shop.svc")).callers.all
    assert (call.port, list(call.ports)) == (None, [80, 9090])


def test_the_own_service_is_no_call():
    assert calls(SHOP + with_setting("http://web", name="web")) == set()


def test_by_service_and_by_client():
    mesh = build(SHOP + with_setting("http://web"))
    [call] = mesh.callers.all
    assert mesh.callers.of_service(named(mesh, "web", "Service")) == [call]
    assert mesh.callers.of_client(call.client) == [call]
    assert mesh.callers.of_service(named(mesh, "bank", "Service")) == ()


def test_a_route_leads_calls_of_the_mesh_on():
    text = SHOP + with_setting("http://web") + route("r", "web", "bank.bank.svc.cluster.local")
    assert calls(text) == {("till", "web", 80), ("till", "bank", 80)}
    assert calls(text.replace("labels: {app: till}", 'labels: {sidecar.istio.io/inject: "false"}')) == {
        ("till", "web", 80)
    }
    assert calls(text.replace("gateways: [mesh]", "gateways: [edge]")) == {("till", "web", 80)}


def test_a_gateway_calls_what_its_routes_lead_to():
    gateway = """---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
"""
    text = SHOP + gateway + pod("edge", "istio: edge", home="edge") + route("r", "'*'", "web", "[edge]")
    [call] = build(text).callers.all
    assert (call.client.name, call.service.name, call.evidence) == ("edge", "web", Evidence.GATEWAY)


CONFIG = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: shop}\ndata: {url: 'http://web'}\n"


@pytest.mark.parametrize(
    "reads",
    [
        "env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: url}}}]",
        "envFrom: [{configMapRef: {name: conf}}]",
    ],
)
def test_a_config_map_that_a_container_reads(reads):
    text = pod("till").replace("image: x,", f"image: x, {reads},")
    assert calls(SHOP + CONFIG + text) == {("till", "web", 80)}


def test_a_config_map_that_nobody_reads():
    assert calls(SHOP + CONFIG) == set()
