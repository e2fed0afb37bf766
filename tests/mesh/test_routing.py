"""What becomes of a request: each condition of a match, and each way a request may end."""

import pytest
from building import build, named
from meshes import namespace, pod, rule, service

from meshlint.mesh.decisions import Decision, Outcome
from meshlint.mesh.requests import Client, parse, refusals
from meshlint.model.kinds import convert

SHOP = namespace("shop") + pod("web") + pod("cart", "version: v1") + service("cart")


def route(http: str, hosts: str = "[cart]", name: str = "cart", more: str = "", home: str = "shop") -> str:
    return f"""---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: {home}}}
spec:
  hosts: {hosts}
  {more}
  http: {http}
"""


def asked(text: str, url: str, client: str = "web", method: str = "GET", **headers: str) -> Decision:
    mesh = build(text)
    [workload] = mesh.workloads.of_resource(named(mesh, client, "Pod"))
    return mesh.routing.from_workload(
        workload, parse(url, method, {k.replace("_", "-"): v for k, v in headers.items()})
    )


def said(decision: Decision) -> list[str]:
    return [step.text for step in decision.steps]


@pytest.mark.parametrize(
    ("match", "url", "takes"),
    [
        ({}, "http://cart/x", True),
        ({"uri": {"prefix": "/a"}}, "http://cart/ab", True),
        ({"uri": {"prefix": "/a"}}, "http://cart/A", False),
        ({"uri": {"prefix": "/a"}, "ignoreUriCase": True}, "http://cart/AB", True),
        ({"uri": {"exact": "/a"}}, "http://cart/a?x=1", True),
        ({"uri": {"exact": "/a"}}, "http://cart/a/", False),
        ({"uri": {"regex": "/a.*"}}, "http://cart/abc", True),
        ({"uri": {"regex": "a"}}, "http://cart/a", False),
        ({"method": {"exact": "GET"}}, "http://cart/", True),
        ({"method": {"exact": "POST"}}, "http://cart/", False),
        ({"authority": {"exact": "cart:8080"}}, "http://cart:8080/", True),
        ({"authority": {"exact": "cart"}}, "http://cart:8080/", False),
        ({"port": 80}, "http://cart/", True),
        ({"port": 81}, "http://cart/", False),
        ({"headers": {"x-user": {"exact": "7"}}}, "http://cart/", True),
        ({"headers": {"X-User": {"exact": "7"}}}, "http://cart/", True),
        ({"headers": {"x-user": {"prefix": "8"}}}, "http://cart/", False),
        ({"headers": {"x-user": {}}}, "http://cart/", True),
        ({"headers": {"x-other": {}}}, "http://cart/", False),
        ({"withoutHeaders": {"x-user": {}}}, "http://cart/", False),
        ({"withoutHeaders": {"x-other": {}}}, "http://cart/", True),
        ({"withoutHeaders": {"x-user": {"exact": "8"}}}, "http://cart/", True),
        ({"queryParams": {"page": {"exact": "2"}}}, "http://cart/?page=2", True),
        ({"queryParams": {"page": {"exact": "2"}}}, "http://cart/", False),
        ({"sourceLabels": {"app": "web"}}, "http://cart/", True),
        ({"sourceLabels": {"app": "api"}}, "http://cart/", False),
        ({"sourceNamespace": "shop"}, "http://cart/", True),
        ({"sourceNamespace": "other"}, "http://cart/", False),
        ({"gateways": ["mesh"], "sourceNamespace": "other"}, "http://cart/", True),
        ({"gateways": ["edge/shop"]}, "http://cart/", False),
    ],
)
def test_conditions(match, url, takes) -> None:
    data = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "spec": {"http": [{"match": [match]}]}}
    condition = convert(data).http[0].match[0]
    client = Client("shop", {"app": "web"}, frozenset({"mesh"}))
    assert (not list(refusals(condition, parse(url, "GET", {"X-User": "7"}), client, {}))) is takes


@pytest.mark.parametrize("expression", ["(a+)+", "[", "(?<!a)b{2,1}"])
def test_an_expression_that_cannot_be_evaluated_is_no_answer(expression) -> None:
    decision = asked(
        SHOP + route(f"[{{match: [{{uri: {{regex: '{expression}'}}}}], route: [{{destination: {{host: cart}}}}]}}]"),
        "http://cart/a",
    )
    assert decision.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("url", ["ftp://a/", "http://", "tcp://a", "http://a:b/"])
def test_what_is_no_url(url) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(url)


def test_the_first_route_that_matches_wins() -> None:
    text = SHOP + route(
        "[{match: [{uri: {prefix: /x}}], redirect: {uri: /y}}, {directResponse: {status: 503}}, {route: [{destination: {host: cart}}]}]"
    )
    assert said(asked(text, "http://cart/x"))[-1] == "301 to `/y`"
    assert said(asked(text, "http://cart/z"))[-1] == "the proxy answers 503 by itself"


def test_no_route_is_404() -> None:
    decision = asked(
        SHOP + route("[{match: [{uri: {prefix: /x}}], route: [{destination: {host: cart}}]}]"), "http://cart/z"
    )
    assert decision.outcome is Outcome.FAILED
    assert said(decision)[-2:] == ["route 1 does not: the path `/z` does not begin with `/x`", "no route takes it: 404"]


def test_a_subset_leads_to_its_pods() -> None:
    subsets = "subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]"
    text = (
        SHOP
        + route("[{route: [{destination: {host: cart, subset: v1, port: {number: 80}}}]}]")
        + rule("cart", "cart", more=subsets)
    )
    [target] = asked(text, "http://cart/").targets
    assert (target.subset, target.port, [item.name for item in target.workloads]) == ("v1", 80, ["cart"])
    [target] = asked(text.replace("subset: v1", "subset: v2"), "http://cart/").targets
    assert (target.problem, target.workloads) == ("", ())
    decision = asked(text.replace("subset: v1", "subset: v3"), "http://cart/")
    assert decision.outcome is Outcome.FAILED
    assert "503" in decision.targets[0].problem


def test_a_destination_without_weight_gets_nothing_beside_others() -> None:
    text = SHOP + route(
        "[{route: [{destination: {host: cart}, weight: 3}, {destination: {host: web}}, {destination: {host: cart}, weight: 1}]}]"
    )
    assert [target.share for target in asked(text, "http://cart/").targets] == [75.0, 25.0]


def test_the_service_of_a_port_that_is_not_http() -> None:
    text = SHOP.replace("{name: grpc, port: 9090}", "{name: tcp-x, port: 9090}") + route("[{redirect: {uri: /}}]")
    assert "port 9090 is TCP: HTTP routes do not apply" in said(asked(text, "http://cart:9090/"))


def test_a_route_of_another_namespace_counts_if_it_is_exported() -> None:
    text = (
        SHOP
        + namespace("other")
        + route("[{directResponse: {status: 200}}]", "[cart.shop.svc.cluster.local]", home="other")
    )
    assert asked(text, "http://cart/").outcome is Outcome.ANSWERED
    assert asked(text.replace("  hosts:", "  exportTo: ['.']\n  hosts:", 1), "http://cart/").outcome is Outcome.ROUTED


def test_a_client_without_sidecar_knows_no_routes() -> None:
    text = SHOP + namespace("plain", "{}") + pod("job", home="plain", annotations="{sidecar.istio.io/inject: 'false'}")
    assert asked(text, "http://cart.shop/", client="job").outcome is Outcome.PASSED


def test_a_registry_only_mesh_lets_nothing_unknown_out() -> None:
    mesh = build(SHOP, mesh_config={"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}})
    [workload] = mesh.workloads.of_resource(named(mesh, "web", "Pod"))
    request = parse("http://unknown.example/")
    assert mesh.routing.from_workload(workload, request).outcome is Outcome.FAILED
    assert asked(SHOP, "http://unknown.example/").outcome is Outcome.PASSED


def test_delegates_are_followed() -> None:
    own = route("[{route: [{destination: {host: cart}}], retries: {attempts: 0}}]", name="sub").replace(
        "  hosts: [cart]\n", ""
    )
    text = SHOP + route("[{match: [{uri: {prefix: /a}}], delegate: {name: sub}, timeout: 3s}]") + own
    decision = asked(text, "http://cart/a")
    assert said(decision)[2:5] == [
        "route 1 of delegate `sub` takes it",
        "timeout 3s for all tries together",
        "no retries",
    ]


GATEWAY = """---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"], tls: {httpsRedirect: true}}
  - {port: {number: 443, name: https, protocol: HTTPS}, hosts: ["shop/*.example.com"], tls: {mode: SIMPLE, credentialName: c}}
  - {port: {number: 444, name: tls, protocol: TLS}, hosts: ["*.example.com"], tls: {mode: PASSTHROUGH}}
"""


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("http://a.example.com/", "301 to https, by `httpsRedirect`"),
        ("https://a.example.com/", "the proxy answers 200 by itself"),
        ("http://a.example.com:443/", "the server takes TLS: the connection is closed"),
        ("https://a.example.org/", "no server on port 443 takes `a.example.org`: 404, or a closed connection with TLS"),
        ("https://b.example.com/", "no VirtualService bound to it takes `b.example.com`: 404"),
        ("https://a.example.com:444/", "no route takes the connection: it is closed"),
        ("https://a.example.com:9/", "no server of the gateway listens on port 9: connection refused"),
    ],
)
def test_at_a_gateway(url, end) -> None:
    bound = route("[{directResponse: {status: 200}}]", "[a.example.com]", more="gateways: [edge/edge]")
    mesh = build(SHOP + GATEWAY + bound)
    decision = mesh.routing.from_gateway([named(mesh, "edge")], parse(url), {})
    assert said(decision)[-1] == end


def test_a_server_may_keep_other_namespaces_out() -> None:
    bound = route("[{directResponse: {status: 200}}]", "[a.example.com]", more="gateways: [edge/edge]", home="other")
    mesh = build(SHOP + GATEWAY + bound)
    decision = mesh.routing.from_gateway([named(mesh, "edge")], parse("https://a.example.com/"), {})
    assert decision.outcome is Outcome.FAILED
