"""What there is, asked for by names of classes that nobody has to import."""

import pytest
from mesh.building import build, named, names

_ISTIOS = "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: public}\nspec: {servers: []}\n"
_OTHER = (
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: api}\nspec: {gatewayClassName: istio}\n"
)
_ROUTES = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: web}\nspec: {hosts: [web]}\n"
_FOREIGN = "apiVersion: example.com/v1\nkind: VirtualService\nmetadata: {name: other}\n"
_UNREADABLE = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: broken}\nspec: {hosts: 1}\n"
_ROOT = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: root, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [public]
  http:
  - match: [{uri: {prefix: /cart}}]
    delegate: {name: cart}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {http: [{route: [{destination: {host: cart}}]}]}
"""


def _all(*texts: str) -> str:
    return "---\n".join(texts)


def test_the_two_gateways_are_told_apart():
    mesh = build(_all(_ISTIOS, _OTHER))
    assert names(mesh.of_gateway_api("Gateway")) == ["api"]
    assert names(build(_ISTIOS).of_gateway_api("Gateway")) == []


def test_the_class_is_asked_for_and_not_the_kind():
    mesh = build(_all(_ROUTES, _FOREIGN, _UNREADABLE))
    assert names(mesh.of_class("VirtualService")) == ["web"]
    found = [mesh.is_of_class(named(mesh, name), "VirtualService") for name in ("web", "other", "broken")]
    assert found == [True, False, False]


def test_what_is_made_of_a_resource_counts_as_it():
    mesh = build(_ROOT)
    [merged] = mesh.delegates.merges
    assert mesh.is_of_class(merged, "VirtualService")
    assert mesh.visibility.exports(merged) == mesh.visibility.exports(named(mesh, "root"))


def test_whether_routes_delegate():
    assert build(_ROOT).has_delegates
    assert not build(_ROUTES).has_delegates


@pytest.mark.parametrize(
    ("kind", "runs"),
    [
        ("apps/v1 Deployment", True),
        ("v1 Pod", True),
        ("batch/v1 CronJob", True),
        ("networking.istio.io/v1 WorkloadEntry", True),
        ("networking.istio.io/v1 WorkloadGroup", True),
        ("v1 Service", False),
        ("example.com/v1 Deployment", False),
    ],
)
def test_what_runs_anything(kind, runs):
    version, name = kind.split()
    mesh = build(f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: a}}\n")
    assert mesh.runs_anything is runs
    assert runs or not mesh.workloads.all
