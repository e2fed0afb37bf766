"""Policies of a workload, and the order in which they decide (`pilot/pkg/model/authorization.go`, `authz/builder`)."""

import pytest
from building import build, named, names

from meshlint.mesh.answers import Answer
from meshlint.mesh.authorization_rules import Http, Request
from meshlint.mesh.principals import parse

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
GET = Request(source=parse("cluster.local/ns/shop/sa/till"), port=8080, http=Http(method="GET", path="/"))

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: web}]
"""


def policy(name, spec, namespace="shop", annotations="{}"):
    return f"""---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: {name}, namespace: {namespace}, annotations: {annotations}}}
spec: {spec}
"""


def decide(*policies, request=GET):
    mesh = build(WEB + "".join(policies))
    decision = mesh.authorization.decide(mesh.workloads.all[0], request)
    return decision.allowed, decision.policy.name if decision.policy else None


EVERYTHING = "rules: [{}]"
GETS = "rules: [{to: [{operation: {methods: [GET]}}]}]"
PUTS = "rules: [{to: [{operation: {methods: [PUT]}}]}]"


def test_without_policies_everything_passes():
    assert decide() == (YES, None)


def test_with_an_allow_policy_all_else_is_refused():
    assert decide(policy("gets", f"{{{GETS}}}")) == (YES, "gets")
    assert decide(policy("puts", f"{{{PUTS}}}")) == (NO, None)


def test_an_allow_policy_without_rules_refuses_everything():
    assert decide(policy("nothing", "{}")) == (NO, None)


def test_one_allow_policy_suffices():
    assert decide(policy("nothing", "{}"), policy("all", f"{{{EVERYTHING}}}")) == (YES, "all")


def test_deny_comes_before_allow():
    assert decide(policy("all", f"{{{EVERYTHING}}}"), policy("refuse", f"{{action: DENY, {GETS}}}")) == (NO, "refuse")
    assert decide(policy("all", f"{{{EVERYTHING}}}"), policy("refuse", f"{{action: DENY, {PUTS}}}")) == (YES, "all")


def test_custom_leaves_the_decision_to_a_provider_unless_deny_or_allow_refuse():
    custom = policy("ask", f"{{action: CUSTOM, provider: {{name: p}}, {GETS}}}")
    assert decide(custom) == (UNKNOWN, "ask")
    assert decide(custom, policy("refuse", f"{{action: DENY, {GETS}}}")) == (NO, "refuse")
    assert decide(custom, policy("nothing", "{}")) == (NO, None)
    assert decide(policy("ask", f"{{action: CUSTOM, provider: {{name: p}}, {PUTS}}}")) == (YES, None)


def test_audit_and_dry_run_decide_nothing():
    assert decide(policy("log", f"{{action: AUDIT, {GETS}}}")) == (YES, None)
    trial = policy("refuse", f"{{action: DENY, {GETS}}}", annotations='{istio.io/dry-run: "true"}')
    assert decide(trial) == (YES, None)


def test_what_is_not_told_makes_the_answer_unknown():
    assert decide(policy("gets", f"{{{GETS}}}"), request=Request(http=Http())) == (UNKNOWN, "gets")
    assert decide(policy("refuse", f"{{action: DENY, {GETS}}}"), request=Request(http=Http())) == (UNKNOWN, "refuse")


@pytest.mark.parametrize(
    ("spec", "namespace", "applies"),
    [
        ("{}", "shop", True),
        ("{selector: {matchLabels: {}}}", "shop", True),
        ("{}", "istio-system", True),
        ("{}", "till", False),
        ("{selector: {matchLabels: {app: web}}}", "shop", True),
        ("{selector: {matchLabels: {app: web}}}", "istio-system", True),
        ("{selector: {matchLabels: {app: web}}}", "till", False),
        ("{selector: {matchLabels: {app: cart}}}", "shop", False),
        ("{targetRefs: [{kind: Service, group: '', name: web}]}", "shop", False),
    ],
)
def test_whom_a_policy_is_about(spec, namespace, applies):
    mesh = build(WEB + policy("p", spec, namespace))
    workload = mesh.workloads.all[0]
    assert names(mesh.authorization.of_workload(workload)) == ([f"{namespace}/p"] if applies else [])
    assert list(mesh.authorization.workloads(named(mesh, "p"))) == ([workload] if applies else [])
    assert mesh.authorization.has_policy(workload) is applies


def test_target_refs_attach_to_resources_of_the_same_namespace():
    service = (
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]}\n"
    )
    refs = "{targetRefs: [{kind: Service, group: '', name: web}]}"
    mesh = build(WEB + service + policy("here", refs) + policy("there", refs, "till"))
    assert names(mesh.authorization.of_target(named(mesh, "web", "Service"))) == ["shop/here"]


@pytest.mark.parametrize(
    ("spec", "namespace", "expected"),
    [
        ("{}", "shop", ["shop/p", "shop/web", "shop/cart"]),
        ("{selector: {matchLabels: {app: web}}}", "shop", ["shop/p", "shop/web"]),
        ("{selector: {matchLabels: {app: web}}}", "till", ["till/p"]),
        ("{}", "istio-system", ["istio-system/p", "shop/web", "shop/cart"]),
        ("{targetRefs: [{kind: Service, group: '', name: web}]}", "shop", []),
    ],
)
def test_which_policies_are_about_no_other_workloads(spec, namespace, expected):
    others = policy("web", "{selector: {matchLabels: {app: web}}}") + policy(
        "cart", "{selector: {matchLabels: {app: cart}}}"
    )
    mesh = build(policy("p", spec, namespace) + others)
    assert names(mesh.authorization.within(named(mesh, "p"))) == expected


def test_which_policies_are_about_all_workloads_of_another():
    names_of = ("shop", "istio-system", "till")
    wide = "".join(policy(f"wide-{namespace}", "{}", namespace) for namespace in names_of)
    web, cart = "{selector: {matchLabels: {app: web}}}", "{selector: {matchLabels: {app: cart}}}"
    mesh = build(wide + policy("web", web) + policy("also-web", web) + policy("cart", cart))
    expected = ["istio-system/wide-istio-system", "shop/wide-shop", "shop/web", "shop/also-web"]
    assert names(mesh.authorization.over(named(mesh, "web"), "ALLOW")) == expected
    assert names(mesh.authorization.over(named(mesh, "wide-shop"), "ALLOW")) == expected[:2]
    assert not list(mesh.authorization.over(named(mesh, "web"), "DENY"))
