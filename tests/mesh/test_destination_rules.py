"""Which DestinationRule applies, and which subsets it defines."""

import pytest
from mesh.building import build, named, names, plain

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope


def _rule(name: str, namespace: str, host: str, spec: str = "", meta: str = "") -> str:
    return f"""
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}{meta and ", " + meta}}}
spec: {{host: "{host}"{spec and ", " + spec}}}
"""


_REVIEWS = "reviews.shop.svc.cluster.local"
_ROUTE = """
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: route, namespace: shop}
spec: {hosts: [reviews]}
"""


@pytest.mark.parametrize(
    ("rules", "client", "expected"),
    [
        # `destinationRule` in pilot/pkg/model/push_context.go: the client's namespace, the service's, the root.
        (_rule("s", "shop", "reviews") + _rule("c", "web", _REVIEWS), "web", ["web/c"]),
        (_rule("s", "shop", "reviews") + _rule("c", "web", "*.local"), "web", ["web/c"]),
        (_rule("s", "shop", "reviews") + _rule("r", "istio-system", "*.local"), "web", ["shop/s"]),
        (_rule("r", "istio-system", "*.local"), "web", ["istio-system/r"]),
        (_rule("o", "other", _REVIEWS), "web", []),
        (_rule("s", "shop", "reviews.shop"), "web", []),
        (_rule("s", "shop", "reviews.shop.svc.corp.local"), "web", ["shop/s"]),
        # Only the most specific host of a namespace counts.
        (_rule("a", "shop", "*.shop.svc.cluster.local") + _rule("b", "shop", "reviews"), "web", ["shop/b"]),
        (_rule("a", "shop", "*") + _rule("b", "shop", "*.local"), "web", ["shop/b"]),
        # Not exported: the look-up goes on in the root namespace, not with a wider host.
        (_rule("a", "shop", "reviews", 'exportTo: ["."]') + _rule("b", "shop", "*.local"), "web", ["shop/b"]),
        (_rule("a", "shop", "reviews", "exportTo: [x]") + _rule("b", "shop", "*.local"), "web", []),
        (_rule("a", "shop", "reviews", "exportTo: [web]"), "web", ["shop/a"]),
        (_rule("a", "shop", "reviews", "exportTo: [web]"), "shop", []),
        (_rule("a", "shop", "reviews", 'exportTo: ["~"]'), "shop", []),
        # A client in the root namespace starts with private rules of it.
        (_rule("r", "istio-system", "*.local") + _rule("s", "shop", "reviews"), "istio-system", ["shop/s"]),
        (
            _rule("p", "istio-system", "*.local", 'exportTo: ["."]') + _rule("s", "shop", "reviews"),
            "istio-system",
            ["istio-system/p"],
        ),
        (_rule("r", "istio-system", "*.local"), "istio-system", ["istio-system/r"]),
    ],
)
def test_the_first_namespace_with_a_rule_wins(rules, client, expected):
    lookup = build(rules).destination_rules.for_host(_REVIEWS, client)
    assert names(lookup.rules) == expected
    assert lookup.answer is (Answer.YES if expected else Answer.UNKNOWN)


def test_the_namespace_of_a_service_entry_counts_as_the_service_s():
    entry = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: egress}
spec: {hosts: [api.example.com]}
"""
    mesh = build(entry + _rule("e", "egress", "api.example.com") + _rule("o", "other", "api.example.com"))
    assert names(mesh.destination_rules.for_host("api.example.com", "shop").rules) == ["egress/e"]


def test_a_default_export_of_the_mesh_keeps_rules_private():
    mesh = build(_rule("s", "shop", "reviews"), mesh_config={"defaultDestinationRuleExportTo": ["."]})
    assert mesh.destination_rules.for_host(_REVIEWS, "web").rules == ()
    assert names(mesh.destination_rules.for_host(_REVIEWS, "shop").rules) == ["shop/s"]


# mergeDestinationRule in pilot/pkg/model/destination_rule.go
def test_rules_of_one_host_and_namespace_are_merged_oldest_first():
    mesh = build(
        _rule(
            "b",
            "shop",
            "reviews",
            "subsets: [{name: v1, labels: {v: b}}, {name: v2}], trafficPolicy: {tls: {mode: SIMPLE}}",
        )
        + _rule("a", "shop", _REVIEWS, "subsets: [{name: v1, labels: {v: a}}, {name: v3}]")
        + _rule("c", "shop", _REVIEWS, "trafficPolicy: {tls: {mode: DISABLE}}")
    )
    lookup = mesh.destination_rules.for_host("reviews", "shop")
    assert names(lookup.rules) == ["shop/a", "shop/b", "shop/c"]
    assert {name: rule.name for name, (rule, _) in lookup.subsets().items()} == {"v1": "a", "v2": "b", "v3": "a"}
    assert lookup.policy().tls.mode == "SIMPLE"
    assert lookup.top_policy()[0].name == "b"


def test_the_creation_time_beats_the_name():
    mesh = build(
        _rule("a", "shop", "reviews", meta='creationTimestamp: "2024-02-01T00:00:00Z"')
        + _rule("b", "shop", "reviews", meta='creationTimestamp: "2024-01-01T00:00:00Z"')
    )
    assert names(mesh.destination_rules.for_host("reviews", "shop").rules) == ["shop/b", "shop/a"]


def test_rules_that_are_exported_differently_stay_apart_and_the_last_counts():
    mesh = build(
        _rule("a", "shop", "reviews", "exportTo: [web], subsets: [{name: v1}]")
        + _rule("b", "shop", "reviews", 'exportTo: ["*"], subsets: [{name: v2}]')
    )
    lookup = mesh.destination_rules.for_host(_REVIEWS, "web")
    assert names(lookup.rules) == ["shop/b"]
    assert set(mesh.destination_rules.subsets(_REVIEWS, "web")) == {"v1", "v2"}


def test_a_rule_of_wider_export_is_merged_into_a_narrower_one_and_lost_for_the_others():
    mesh = build(
        _rule("a", "shop", "reviews", "exportTo: [web], subsets: [{name: v1}]")
        + _rule("b", "shop", "reviews", "exportTo: [web, app], subsets: [{name: v2}]")
    )
    assert mesh.destination_rules.for_host(_REVIEWS, "app").rules == ()
    assert set(mesh.destination_rules.for_host(_REVIEWS, "web").subsets()) == {"v1", "v2"}


# SidecarScope.DestinationRule in pilot/pkg/model/sidecar.go
@pytest.mark.parametrize(
    ("client", "labels", "expected", "answer"),
    [
        ("shop", {"app": "cart", "x": "y"}, ["shop/b", "shop/a"], Answer.YES),
        ("shop", {"app": "other"}, ["shop/a"], Answer.YES),
        ("shop", None, ["shop/a"], Answer.UNKNOWN),
        ("web", {"app": "cart"}, ["shop/a"], Answer.YES),
    ],
)
def test_a_workload_selector_picks_clients_of_its_namespace(client, labels, expected, answer):
    mesh = build(
        _rule("a", "shop", "reviews", 'exportTo: [".", "*"], subsets: [{name: v1}]')
        + _rule("b", "shop", "reviews", "workloadSelector: {matchLabels: {app: cart}}")
    )
    lookup = mesh.destination_rules.for_host(_REVIEWS, client, labels)
    assert (names(lookup.rules), lookup.answer) == (expected, answer)


_POLICY = """trafficPolicy: {
  tls: {mode: ISTIO_MUTUAL}, loadBalancer: {simple: RANDOM}, tunnel: {targetHost: t},
  portLevelSettings: [{port: {number: 80}, connectionPool: {tcp: {maxConnections: 80}}}]},
subsets: [
  {name: plain}, {name: own, trafficPolicy: {tls: {mode: DISABLE}}},
  {name: ported, trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: ROUND_ROBIN}}]}}]"""
_TOP = {"tls": {"mode": "ISTIO_MUTUAL"}, "loadBalancer": {"simple": "RANDOM"}, "tunnel": {"targetHost": "t"}}
_PORT = {"connectionPool": {"tcp": {"maxConnections": 80}}}


@pytest.mark.parametrize(
    ("port", "subset", "expected"),
    [
        # MergeSubsetTrafficPolicy and GetPortLevelTrafficPolicy in pilot/pkg/networking/util/util.go
        (443, None, _TOP),
        (80, None, _PORT),
        (443, "plain", _TOP),
        (80, "plain", _PORT),
        (443, "own", {**_TOP, "tls": {"mode": "DISABLE"}}),
        (80, "own", {**_PORT, "tls": {"mode": "DISABLE"}}),
        (443, "ported", {**_TOP, "tls": {"mode": "SIMPLE"}}),
        (80, "ported", {"loadBalancer": {"simple": "ROUND_ROBIN"}}),
        (443, "unheard-of", _TOP),
    ],
)
def test_the_policy_of_a_port_and_a_subset(port, subset, expected):
    policy = (
        build(_rule("a", "shop", "reviews", _POLICY)).destination_rules.for_host("reviews", "shop").policy(port, subset)
    )
    found = plain(policy)
    found.pop("portLevelSettings", None)
    assert found == expected


def test_a_merged_policy_has_the_very_objects_of_the_rule():
    mesh = build(_rule("a", "shop", "reviews", _POLICY))
    rule = named(mesh, "a")
    policy = mesh.destination_rules.for_host("reviews", "shop").policy(80, "own")
    assert policy.tls is rule.spec.subsets[1].traffic_policy.tls


@pytest.mark.parametrize(
    ("rules", "answer", "near"),
    [
        (_rule("a", "shop", "reviews", "subsets: [{name: v3}]"), Answer.YES, None),
        (_rule("a", "shop", "reviews", "subsets: [{name: v1}]"), Answer.NO, None),
        (_rule("a", "shop", "reviews"), Answer.NO, None),
        (_rule("a", "istio-system", _REVIEWS, "subsets: [{name: v3}]"), Answer.YES, None),
        (_rule("a", "istio-system", _REVIEWS, "subsets: [{name: v1}]"), Answer.NO, None),
        # The mesh's rule for all hosts says nothing about the host's own.
        (_rule("a", "istio-system", "*.local", "subsets: [{name: v1}]"), Answer.UNKNOWN, None),
        (_rule("a", "shop", "*.shop.svc.cluster.local", "subsets: [{name: v3}]"), Answer.YES, None),
        # The wider rule is in force for nobody.
        (_rule("a", "shop", "reviews") + _rule("b", "shop", "*.local", "subsets: [{name: v3}]"), Answer.NO, None),
        # Clients of another namespace have their own rule.
        (_rule("a", "shop", "reviews") + _rule("b", "web", _REVIEWS, "subsets: [{name: v3}]"), Answer.YES, None),
        # Another namespace's rule says nothing about a missing subset.
        (_rule("b", "web", _REVIEWS, "subsets: [{name: v1}]"), Answer.UNKNOWN, None),
        (_rule("b", "shop", "ratings", "subsets: [{name: v1}]"), Answer.UNKNOWN, None),
        ("", Answer.UNKNOWN, None),
        (_rule("a", "shop", "reviews", "subsets: 7"), Answer.UNKNOWN, None),
        (_rule("a", "shop", "reviews") + _rule("b", "shop", "x", "subsets: 7"), Answer.UNKNOWN, None),
    ],
)
def test_following_a_subset(rules, answer, near):
    mesh = build(rules + _ROUTE)
    outcome = mesh.destination_rules.subset("reviews", "v3", named(mesh, "route"))
    assert (outcome.answer, outcome.near) == (answer, near)


def test_a_slip_in_a_subset_is_recognised():
    mesh = build(_rule("a", "shop", "reviews", "subsets: [{name: canary}]") + _ROUTE)
    assert mesh.destination_rules.subset("reviews", "cannary", named(mesh, "route")).near == "canary"


@pytest.mark.parametrize(("scope", "answer"), [(Scope.COMPLETE, Answer.NO), (Scope.PARTIAL, Answer.UNKNOWN)])
def test_the_scope_decides_what_may_be_said_without_a_rule(scope, answer):
    mesh = build(_ROUTE, scope=scope)
    assert mesh.destination_rules.subset("reviews", "v3", named(mesh, "route")).answer is answer
    assert mesh.destination_rules.for_host("reviews", "shop").answer is answer


def test_a_subset_asked_for_one_client_is_looked_for_on_its_path_only():
    mesh = build(_rule("a", "shop", "reviews") + _rule("b", "web", _REVIEWS, "subsets: [{name: v3}]") + _ROUTE)
    route = named(mesh, "route")
    assert mesh.destination_rules.subset("reviews", "v3", route, "web").answer is Answer.YES
    assert mesh.destination_rules.subset("reviews", "v3", route, "app").answer is Answer.NO


def test_variants_of_a_rule_leave_open_which_one_is_applied():
    mesh = build(
        files={
            "blue.yaml": _rule("a", "shop", "reviews", "subsets: [{name: v1}]"),
            "green.yaml": _rule("a", "shop", "reviews", "subsets: [{name: v2}]"),
        }
    )
    assert mesh.destination_rules.for_host("reviews", "shop").answer is Answer.UNKNOWN
    assert set(mesh.destination_rules.subsets("reviews", "shop")) == {"v1", "v2"}


@pytest.mark.parametrize(
    ("brought", "route"),
    [
        # The rule may be applied to the namespace of the route,
        (_rule("b", "", "reviews", "subsets: [{name: v3}]"), _ROUTE),
        # or the route to that of the rule.
        (_rule("b", "shop", "reviews", "subsets: [{name: v3}]"), _ROUTE.replace(", namespace: shop", "")),
    ],
)
def test_kubectl_may_bring_route_and_rule_together(brought, route):
    mesh = build(
        _rule("a", "shop", "reviews") + _rule("c", "default", "reviews") + brought.replace("namespace: }", "}") + route
    )
    outcome = mesh.destination_rules.subset("reviews", "v3", named(mesh, "route"))
    assert outcome.answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("", set()),
        ("trafficPolicy: {tls: {mode: SIMPLE}}", {"SIMPLE"}),
        ("trafficPolicy: {tls: {}}", {"DISABLE"}),
        (
            "trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: MUTUAL}}, {port: {number: 81}}]}",
            {"MUTUAL"},
        ),
        ("subsets: [{name: v1}, {name: v2, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]", {"ISTIO_MUTUAL"}),
    ],
)
def test_the_modes_of_tls_are_known_of_hosts_subsets_and_ports(policy, expected):
    assert build(_rule("a", "shop", "reviews", policy)).destination_rules.tls_modes == expected
