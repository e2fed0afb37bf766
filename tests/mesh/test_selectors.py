"""Which workloads a selector picks: pkg/config/labels/instance.go (SubsetOf)."""

import pytest
from mesh.building import build, named

from meshlint.mesh.answers import Answer
from meshlint.mesh.selectors import matches
from meshlint.model.kubernetes.common import LabelSelector, LabelSelectorRequirement
from meshlint.model.selection import LabelsSelector, WorkloadSelector


def pods(**labels_by_name: str) -> str:
    return "\n---\n".join(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name.replace('_', '-')}, namespace: shop, labels: {labels}}}\n"
        "spec: {containers: [{name: main}]}"
        for name, labels in labels_by_name.items()
    )


POLICY = """---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: policy, namespace: shop}
"""


def resolve(text: str, labels: dict[str, str], namespace: str = "shop", **context):
    policy = POLICY.replace(", namespace: shop", f", namespace: {namespace}" if namespace != "default" else "")
    mesh = build(f"{policy}{text and '---'}\n{text}", **context)
    return mesh.selectors.resolve(named(mesh, "policy"), labels, namespace)


TWO_APPS = pods(reviews="{app: reviews, version: v1}", ratings="{app: ratings, version: v1}")


@pytest.mark.parametrize(
    ("selector", "labels", "expected"),
    [
        (None, {}, Answer.YES),
        ({}, {"app": "a"}, Answer.YES),
        ({"app": "a"}, {"app": "a", "version": "v1"}, Answer.YES),
        ({"app": "a"}, {"app": "b"}, Answer.NO),
        ({"app": "a"}, {}, Answer.NO),
        ({"app": ""}, {}, Answer.NO),
        (WorkloadSelector(match_labels={"app": "a"}), {"app": "a"}, Answer.YES),
        (LabelsSelector(labels={"app": "a"}), {"app": "b"}, Answer.NO),
        (LabelSelector(match_labels={"app": "a"}), {"app": "a"}, Answer.YES),
        (
            LabelSelector(match_expressions=(LabelSelectorRequirement("app", "In", ("a", "b")),)),
            {"app": "b"},
            Answer.YES,
        ),
        (LabelSelector(match_expressions=(LabelSelectorRequirement("app", "NotIn", ("a",)),)), {}, Answer.YES),
        (LabelSelector(match_expressions=(LabelSelectorRequirement("app", "Exists"),)), {}, Answer.NO),
        (LabelSelector(match_expressions=(LabelSelectorRequirement("app", "DoesNotExist"),)), {}, Answer.YES),
        (
            LabelSelector(match_expressions=(LabelSelectorRequirement("app", "Like", ("a",)),)),
            {"app": "a"},
            Answer.UNKNOWN,
        ),
    ],
)
def test_matches(selector, labels, expected):
    assert matches(selector, labels) is expected


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({}, ["reviews", "ratings"]),
        ({"app": "reviews"}, ["reviews"]),
        ({"version": "v1"}, ["reviews", "ratings"]),
        ({"app": "reviews", "version": "v1"}, ["reviews"]),
        ({"app": "reviews", "version": "v2"}, []),
    ],
)
def test_picked(labels, expected):
    mesh = build(TWO_APPS)
    assert [item.name for item in mesh.selectors.picked("shop", labels)] == expected
    assert [item.name for item in mesh.selectors.picked(None, labels)] == expected
    assert mesh.selectors.picks("shop", labels) is bool(expected)
    assert mesh.selectors.picks_for(named(mesh, "reviews"), labels) is bool(expected)
    assert mesh.selectors.picked("other", labels) == []
    assert not mesh.selectors.picks("other", labels)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"statefulset.kubernetes.io/pod-name": "db-0"}, ["db"]),
        ({"statefulset.kubernetes.io/pod-name": "db2-0"}, []),
        ({"app": "db", "pod-template-hash": "123"}, ["db"]),
        ({"service.istio.io/canonical-name": "db"}, ["db"]),
        ({"service.istio.io/canonical-name": "dbx"}, []),
    ],
)
def test_labels_that_only_the_running_pod_has(labels, expected):
    mesh = build("""
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: []}}}
""")
    assert [item.name for item in mesh.selectors.picked("shop", labels)] == expected
    answer = mesh.selectors.resolve(mesh.workloads.all[0].resource, labels, "shop").answer
    assert answer is (Answer.YES if expected else Answer.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "labels", "expected", "near"),
    [
        (TWO_APPS, {"app": "reviews"}, Answer.YES, None),
        (TWO_APPS, {}, Answer.UNKNOWN, None),
        (TWO_APPS, {"app": "details"}, Answer.NO, None),
        (TWO_APPS, {"app": "reviws"}, Answer.NO, "app: reviews"),
        (TWO_APPS, {"name": "reviews"}, Answer.NO, "app: reviews"),
        (TWO_APPS, {"app": "reviews", "version": "v3"}, Answer.NO, None),
        (pods(reviews="{app: reviews}"), {"app": "ratings"}, Answer.UNKNOWN, None),
        (pods(reviews="{app: reviews}"), {"app": "review"}, Answer.NO, "app: reviews"),
        ("", {"app": "reviews"}, Answer.UNKNOWN, None),
        ("", {}, Answer.UNKNOWN, None),
        (f"{TWO_APPS}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: x, namespace: shop}}\nspec: 5",
         {"app": "details"}, Answer.UNKNOWN, None),
    ],
)  # fmt: skip
def test_picks_nothing_is_claimed_with_evidence_only(text, labels, expected, near):
    outcome = resolve(text, labels)
    assert outcome.answer is expected
    assert outcome.near == near


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, Answer.NO),
        ({"scope": "partial"}, Answer.UNKNOWN),
        ({"template_folders": ("chart",)}, Answer.UNKNOWN),
        ({"external": "shop"}, Answer.YES),
        ({"external": "sho*"}, Answer.YES),
        ({"external": "other"}, Answer.NO),
    ],
)
def test_picks_nothing_is_not_claimed_where_the_input_is_known_to_lack_something(context, expected):
    from meshlint.mesh.context import External, Scope

    if "external" in context:
        context = {"external": External(namespaces=(context["external"],))}
    if "scope" in context:
        context = {"scope": Scope(context["scope"])}
    assert resolve(TWO_APPS, {"app": "details"}, **context).answer is expected


def test_in_a_complete_input_every_selector_that_picks_nothing_is_missing():
    from meshlint.mesh.context import Scope

    assert resolve("", {"app": "a"}, scope=Scope.COMPLETE).is_missing


@pytest.mark.parametrize(("policy", "workload"), [("default", "shop"), ("shop", "default")])
def test_what_has_no_namespace_may_be_moved_by_kubectl_to_the_workload(policy, workload):
    text = pods(a="{app: a}", b="{app: b}")
    target = "apiVersion: v1\nkind: Pod\nmetadata: {name: c, labels: {app: c}}\nspec: {containers: []}"
    if workload == "shop":
        target = target.replace("name: c,", "name: c, namespace: elsewhere,")
        text = text.replace("namespace: shop, ", "")
    assert resolve(f"{text}\n---\n{target}", {"app": "c"}, policy).answer is Answer.UNKNOWN


def test_ten_thousand_selectors_over_ten_thousand_workloads_of_one_namespace_take_no_time():
    import time

    from meshlint.mesh.context import Entry, Origin
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.kinds import convert

    entries = [
        Entry(
            convert(
                {
                    "apiVersion": "v1",
                    "kind": "Pod",
                    "metadata": {"name": f"p{n}", "namespace": "shop", "labels": {"app": f"a{n}", "tier": "web"}},
                    "spec": {},
                }
            ),
            Origin(0, n, "x"),
        )
        for n in range(10_000)
    ]
    mesh = Mesh(entries)
    start = time.perf_counter()
    for n in range(10_000):
        assert len(mesh.selectors.picked("shop", {"app": f"a{n}", "tier": "web"})) == 1
    assert time.perf_counter() - start < 2


class Builds:
    """Two overlays over one base: they add a label, and move everything."""

    def identities(self, path, namespace, name, kind):
        return {("dev", name), ("prod", name)}

    def added_labels(self, path):
        return {"env": frozenset({"dev", "prod"})}

    def patched(self, path, namespace, name, kind):
        return frozenset()

    def incomplete(self, path):
        return False


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"app": "reviews", "env": "prod"}, Answer.YES),
        ({"env": "dev"}, Answer.YES),
        ({"app": "reviews", "env": "test"}, Answer.NO),
        ({"app": "details"}, Answer.NO),
    ],
)
def test_labels_that_builds_add_are_on_the_pods(labels, expected):
    mesh = build(POLICY + "---\n" + TWO_APPS, builds=Builds())
    assert mesh.selectors.resolve(named(mesh, "policy"), labels).answer is expected
    assert len(mesh.selectors.picked("dev", {"env": "dev"})) == 2


@pytest.mark.parametrize(
    "labels",
    [
        {"istio": "ingressgateway"},
        {"app": "istio-egressgateway"},
        {"gateway.networking.k8s.io/gateway-name": "edge"},
        {"tier": "edge"},
    ],
)
def test_pods_that_istio_brings_or_makes_may_exist(labels):
    gateway = """
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {gatewayClassName: istio, listeners: [], infrastructure: {labels: {tier: edge}}}
"""
    assert resolve(TWO_APPS + gateway, labels).answer is Answer.UNKNOWN


def test_labels_that_are_yet_to_be_filled_in_may_be_any():
    assert resolve(TWO_APPS + "\n---\n" + pods(x='{app: "${APP}"}'), {"app": "details"}).answer is Answer.UNKNOWN
