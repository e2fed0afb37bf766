"""HTTPRoutes of the Gateway API: which rule takes a request, at listeners and in sidecars."""

import pytest

from meshlint.cli.route import decide
from meshlint.mesh.context import Context, Entry, Origin
from meshlint.mesh.decisions import Decision, Outcome
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.requests import parse
from meshlint.model.kinds import convert
from meshlint.reading import read

SERVICES = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, sidecar.istio.io/inject: "true"}}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: batch, namespace: other, labels: {app: batch, sidecar.istio.io/inject: "true"}}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}, {name: http-admin, port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: next, namespace: shop}
spec: {selector: {app: next}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: far, namespace: other}
spec: {selector: {app: far}, ports: [{name: http, port: 80}]}
"""
GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}, {name: tcp, port: 90, protocol: TCP}]
"""
VIRTUAL_SERVICE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], exportTo: [%s], http: [{route: [{destination: {host: next}}]}]}
"""
TO_CART, TO_NEXT = "{backendRefs: [{name: cart, port: 80}]", "{backendRefs: [{name: next, port: 80}]"


def route(rules: str, parent: str = "{name: public}", name: str = "r", home: str = "shop", more: str = "") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: {home}}}
spec: {{parentRefs: [{parent}], rules: {rules}{more}}}
"""


MESH_PARENT = "{group: '', kind: Service, name: cart, namespace: shop}"


def asked(source: str, url: str, *texts: str, method: str = "GET", **headers: str) -> Decision:
    documents = read("\n---\n".join((SERVICES, GATEWAY, *texts))).documents
    entries = [Entry(convert(item.data), Origin(0, n, "a.yaml")) for n, item in enumerate(documents)]
    known = {name.replace("_", "-"): value for name, value in headers.items()}
    return decide(Mesh(entries, Context()), source, parse(url, method, known))


def hosts(decision: Decision) -> dict[str, float]:
    return {target.host.partition(".")[0]: target.share for target in decision.targets}


@pytest.mark.parametrize(
    ("first", "second", "url", "winner"),
    [
        ("path: {type: PathPrefix, value: /}", "path: {type: Exact, value: /a}", "/a", "next"),
        ("path: {type: PathPrefix, value: /a}", "path: {type: PathPrefix, value: /a/b}", "/a/b/c", "next"),
        (
            "path: {type: RegularExpression, value: /a/b/c/d.*}",
            "path: {type: PathPrefix, value: /a}",
            "/a/b/c/d",
            "next",
        ),
        ("path: {type: PathPrefix, value: /a}", "path: {type: PathPrefix, value: /a/}", "/a", "cart"),
        ("path: {value: /a}", "method: GET", "/a", "cart"),
        ("path: {value: /}", "method: GET", "/a", "next"),
        ("headers: [{name: x, value: '1'}]", "method: GET", "/a", "next"),
        ("queryParams: [{name: q, value: '1'}]", "headers: [{name: x, value: '1'}]", "/a?q=1", "next"),
        ("headers: [{name: x, value: '1'}]", "headers: [{name: x, value: '1'}, {name: z, value: '2'}]", "/", "next"),
        (
            "headers: [{name: x, value: '1'}]",
            "headers: [{name: x, type: RegularExpression, value: '[0-9]'}]",
            "/",
            "cart",
        ),
        ("path: {value: /ab}", "path: {value: /a}", "/abc", None),
    ],
)
def test_the_most_specific_rule_takes_a_request(first: str, second: str, url: str, winner: str | None) -> None:
    """`sortHTTPRoutes` of istiod, and the precedence of the Gateway API; equal ones in the order of the file."""
    rules = f"[{TO_CART}, matches: [{{{first}}}]}}, {TO_NEXT}, matches: [{{{second}}}]}}]"
    decision = asked("shop/public", f"http://shop.example.com{url}", route(rules), x="1", z="2")
    assert list(hosts(decision)) == ([winner] if winner else [])


def test_rules_of_several_routes_are_sorted_together() -> None:
    early = route(f"[{TO_CART}, matches: [{{path: {{value: /a}}}}]}}]", name="a")
    late = route(f"[{TO_NEXT}, matches: [{{path: {{value: /a/b}}}}]}}]", name="b")
    assert hosts(asked("shop/public", "http://x.example.com/a/b", early, late)) == {"next": 100}
    assert hosts(asked("shop/public", "http://x.example.com/a/c", early, late)) == {"cart": 100}


def test_the_most_specific_host_counts_alone() -> None:
    """Envoy has a virtual host for each: what the wildcard would take is 404 there."""
    exact = route(f"[{TO_CART}, matches: [{{path: {{value: /a}}}}]}}]", name="a", more=", hostnames: [x.example.com]")
    wide = route(f"[{TO_NEXT}}}]", name="b", more=", hostnames: ['*.example.com']")
    assert hosts(asked("shop/public", "http://x.example.com/a", exact, wide)) == {"cart": 100}
    assert asked("shop/public", "http://x.example.com/b", exact, wide).outcome is Outcome.FAILED
    assert hosts(asked("shop/public", "http://y.example.com/b", exact, wide)) == {"next": 100}


@pytest.mark.parametrize(
    ("backends", "shares"),
    [
        ("[{name: cart, port: 80, weight: 3}, {name: next, port: 80}]", {"cart": 75, "next": 25}),
        ("[{name: cart, port: 80, weight: 0}, {name: next, port: 80}]", {"next": 100}),
    ],
)
def test_weights(backends: str, shares: dict[str, float]) -> None:
    decision = asked("shop/public", "http://x.example.com/", route(f"[{{backendRefs: {backends}}}]"))
    assert hosts(decision) == shares


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("{backendRefs: [{name: cart, port: 80, weight: 0}]}", "the rule has no backend with a weight: 500"),
        ("{backendRefs: [{name: cart, port: 81}]}", "the service has no port 81: 500"),
        ("{backendRefs: [{name: far, namespace: other, port: 80}]}", "no ReferenceGrant of the input allows it: 500"),
        ("{filters: [{type: RequestRedirect, requestRedirect: {hostname: a.org}}]}", "302 to `http://a.org/x`"),
        (
            "{filters: [{type: RequestRedirect, requestRedirect: {path: {type: ReplaceFullPath, replaceFullPath: /y}}}]}",
            "302 to `http://x.example.com/y`",
        ),
        ("{filters: [{type: ExtensionRef, extensionRef: {group: a, kind: B, name: c}}]}", "`ExtensionRef`"),
    ],
)
def test_rules_that_send_nothing_on(rule: str, text: str) -> None:
    decision = asked("shop/public", "http://x.example.com/x", route(f"[{rule}]"))
    assert text in decision.steps[-1].text


def test_a_grant_lets_a_gateway_have_a_backend() -> None:
    grant = """
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: other}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service, name: far}]
"""
    text = route("[{backendRefs: [{name: far, namespace: other, port: 80}]}]")
    assert asked("shop/public", "http://x.example.com/", text, grant).outcome is Outcome.ROUTED


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("timeouts: {request: 9s, backendRequest: 2s}", ["timeout 2s for all tries together", "2 retries by default"]),
        ("timeouts: {request: 0s}", ["no timeout", "2 retries by default"]),
        ("retry: {codes: [500]}, timeouts: {backendRequest: 2s}", ["no timeout", "2 retries on connect-failure"]),
        ("retry: {attempts: 0}", ["no timeout", "no retries"]),
    ],
)
def test_timeouts_and_retries(rule: str, texts: list[str]) -> None:
    """`convertHTTPRoute`: without `retry` the time of a try is that of the whole request."""
    said = [step.text for step in asked("shop/public", "http://x.example.com/", route(f"[{TO_CART}, {rule}}}]")).steps]
    assert all(any(step.startswith(text) for step in said) for text in texts)


@pytest.mark.parametrize(
    ("parent", "home", "outcome"),
    [
        ("{name: public, sectionName: http}", "shop", Outcome.ROUTED),
        ("{name: public, sectionName: other}", "shop", Outcome.FAILED),
        ("{name: public, port: 81}", "shop", Outcome.FAILED),
        ("{name: public, namespace: shop}", "other", Outcome.FAILED),
    ],
)
def test_which_routes_a_listener_has(parent: str, home: str, outcome: Outcome) -> None:
    """Without `allowedRoutes` a listener takes routes of its own namespace."""
    text = route("[{backendRefs: [{name: cart, namespace: shop, port: 80}]}]", parent, home=home)
    assert asked("shop/public", "http://x.example.com/", text).outcome is outcome


def test_listeners_that_are_not_followed_say_so() -> None:
    assert asked("shop/public", "http://x.example.com:90/").outcome is Outcome.UNKNOWN
    assert asked("shop/public", "https://x.example.com:80/").outcome is Outcome.FAILED


def test_a_consumer_s_route_comes_before_the_producer_s() -> None:
    producer = route(f"[{TO_CART}}}]", MESH_PARENT)
    consumer = route("[{backendRefs: [{name: far, port: 80}]}]", MESH_PARENT, "mine", "other")
    stranger = route("[{backendRefs: [{name: far, port: 80}]}]", MESH_PARENT, "theirs", "third")
    assert hosts(asked("other/batch", "http://cart.shop/", producer, consumer, stranger)) == {"far": 100}
    assert hosts(asked("shop/web", "http://cart/", producer, consumer, stranger)) == {"cart": 100}
    assert hosts(asked("other/batch", "http://cart.shop/", producer, stranger)) == {"cart": 100}


def test_a_parent_s_port() -> None:
    text = route(f"[{TO_NEXT}}}]", MESH_PARENT.replace("}", ", port: 8080}"))
    assert hosts(asked("shop/web", "http://cart:8080/", text)) == {"next": 100}
    assert hosts(asked("shop/web", "http://cart/", text)) == {"cart": 100}


def test_beside_a_virtual_service() -> None:
    """One that is exported by name comes first; of one that all see, and a producer's route, the older wins."""
    producer = route("[{backendRefs: [{name: far, namespace: other, port: 80}]}]", MESH_PARENT)
    consumer = route("[{backendRefs: [{name: far, port: 80}]}]", MESH_PARENT, "mine", "other")
    private, public = VIRTUAL_SERVICE % "., other", VIRTUAL_SERVICE % '"*"'
    assert hosts(asked("shop/web", "http://cart/", producer, private)) == {"next": 100}
    assert hosts(asked("other/batch", "http://cart.shop/", consumer, private)) == {"next": 100}
    assert hosts(asked("other/batch", "http://cart.shop/", consumer, public)) == {"far": 100}
    decision = asked("other/batch", "http://cart.shop/", producer, public)
    assert decision.outcome is Outcome.UNKNOWN
    assert "the older one wins" in decision.steps[-1].text


def test_routes_of_grpc_are_named_and_not_followed() -> None:
    grpc = route(f"[{TO_CART}}}]", MESH_PARENT).replace("HTTPRoute", "GRPCRoute")
    assert asked("shop/web", "http://cart/", grpc).outcome is Outcome.UNKNOWN


def test_an_http_route_without_rules_is_none() -> None:
    """istiod makes nothing of an empty list; where the field is absent there is one rule, without backends."""
    assert hosts(asked("shop/web", "http://cart/", route("[]", MESH_PARENT))) == {"cart": 100}
    assert asked("shop/public", "http://x.example.com/", route("[]")).outcome is Outcome.FAILED
