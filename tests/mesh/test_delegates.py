"""Delegates as istiod merges them."""

import pytest
from building import build, named, plain

from meshlint.mesh.delegates import Failing
from meshlint.mesh.route_merging import merge, outside, within
from meshlint.model.kinds import convert
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute, VirtualService


def _route(data):
    resource = convert(
        {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "spec": {"hosts": ["a"], "http": [data]}}
    )
    return resource.http[0]


def _match(data) -> HTTPMatchRequest:
    return _route({"match": [data]}).match[0]


@pytest.mark.parametrize(
    ("root", "own", "fits"),
    [
        ({"uri": {"prefix": "/a"}}, {"uri": {"prefix": "/a/b"}}, True),
        ({"uri": {"prefix": "/a"}}, {"uri": {"exact": "/a"}}, True),
        ({"uri": {"prefix": "/a/b"}}, {"uri": {"prefix": "/a"}}, False),
        ({"uri": {"exact": "/a"}}, {"uri": {"exact": "/a"}}, True),
        ({"uri": {"exact": "/a"}}, {"uri": {"prefix": "/a"}}, False),
        ({"uri": {"regex": "/a.*"}}, {"uri": {"exact": "/a"}}, False),
        ({"uri": {"prefix": "/"}}, {"uri": {"regex": "/a.*"}}, False),
        ({"uri": {"regex": "/a.*"}}, {"method": {"exact": "GET"}}, True),
        ({"method": {"exact": "GET"}}, {"uri": {"prefix": "/a"}}, True),
        ({"headers": {"x": {"exact": "1"}}}, {"headers": {"x": {"exact": "2"}}}, False),
        ({"headers": {"x": {"exact": "1"}}}, {"headers": {"y": {"exact": "2"}}}, True),
        ({"uri": {"prefix": "/a"}, "ignoreUriCase": True}, {"uri": {"prefix": "/a"}}, False),
        ({"port": 80}, {"port": 81}, False),
        ({"port": 80}, {"uri": {"prefix": "/a"}}, True),
        ({"sourceNamespace": "a"}, {"uri": {"prefix": "/a"}}, False),
        ({"sourceLabels": {"app": "a"}}, {"sourceLabels": {"version": "1"}}, True),
        ({"sourceLabels": {"app": "a"}}, {"sourceLabels": {"app": "b"}}, False),
        ({"gateways": ["g"]}, {"gateways": ["g", "mesh"]}, False),
        ({"gateways": ["g", "mesh"]}, {"gateways": ["g"]}, True),
    ],
)
def test_a_match_of_a_delegate_fits(root, own, fits) -> None:
    """The table of `TestHasConflict` in istiod, and its borders."""
    assert within(_match(root), _match(own)) is fits


def test_merged_matches_ask_for_what_both_ask_for() -> None:
    root = _route({"match": [{"uri": {"prefix": "/a"}, "headers": {"x": {"exact": "1"}}}], "timeout": "5s"})
    own = _route({"match": [{"uri": {"prefix": "/a/b"}, "headers": {"y": {"exact": "2"}}}], "name": "own"})
    merged = merge(root, own)
    assert plain(merged) == {
        "name": "own",
        "match": ({"uri": {"prefix": "/a/b"}, "headers": {"x": {"exact": "1"}, "y": {"exact": "2"}}},),
        "timeout": "5s",
    }


def test_each_pair_that_fits_is_a_match() -> None:
    root = _route({"match": [{"headers": {"x": {"exact": "1"}}}, {"headers": {"x": {"exact": "2"}}}]})
    merged = merge(root, _route({"match": [{"method": {"exact": "GET"}}]}))
    assert isinstance(merged, HTTPRoute)
    assert [match.headers["x"].exact for match in merged.match or () if match.headers] == ["1", "2"]


def test_one_match_outside_drops_the_route() -> None:
    root = _route({"match": [{"uri": {"prefix": "/a"}}]})
    own = _route({"match": [{"uri": {"prefix": "/a/b"}}, {"uri": {"prefix": "/c"}}]})
    assert merge(root, own) is None
    assert [plain(match) for match in outside(root, own)] == [{"uri": {"prefix": "/c"}}]


_MESH = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: root, namespace: edge}
spec:
  hosts: [shop.example.com]
  http:
  - match: [{uri: {prefix: /cart}}]
    timeout: 9s
    delegate: {name: cart, namespace: shop}
  - match: [{uri: {prefix: /hidden}}]
    delegate: {name: hidden, namespace: shop}
  - match: [{uri: {prefix: /hosted}}]
    delegate: {name: hosted, namespace: shop}
  - match: [{uri: {prefix: /gone}}]
    delegate: {name: gone, namespace: shop}
  - route: [{destination: {host: web}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
  - match: [{uri: {prefix: /cart/v2}}]
    route: [{destination: {host: cart.shop.svc.cluster.local}}]
    timeout: 1s
  - match: [{uri: {prefix: /other}}]
    route: [{destination: {host: other.shop.svc.cluster.local}}]
  - route: [{destination: {host: old.shop.svc.cluster.local}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: hidden, namespace: shop}
spec: {exportTo: ["."], http: [{route: [{destination: {host: a}}]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: hosted, namespace: shop}
spec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}
"""


def test_the_routes_of_a_root() -> None:
    mesh = build(_MESH)
    root = named(mesh, "root")
    routes = mesh.delegates.routes(root)
    assert [route.route.route[0].destination.host.partition(".")[0] for route in routes] == ["cart", "old", "web"]
    assert [route.route.timeout for route in routes] == ["1s", "9s", None]
    assert [route.origin.virtual_service.name for route in routes] == ["cart", "cart", "root"]
    assert routes[0].owner("timeout") == (named(mesh, "cart"), routes[0].origin.route)
    assert routes[1].owner("timeout") == (None, routes[1].origin.through)
    assert not mesh.delegates.is_complete(root)


@pytest.mark.parametrize(("name", "why"), [("cart", None), ("hidden", Failing.HIDDEN), ("hosted", Failing.HAS_HOSTS)])
def test_why_a_delegate_is_left_out(name, why) -> None:
    mesh = build(_MESH)
    root, target = named(mesh, "root"), named(mesh, name)
    assert isinstance(target, VirtualService)
    assert mesh.delegates.failing(target, root) is why
    assert [found for found, _ in mesh.delegates.roots(target)] == [root]
