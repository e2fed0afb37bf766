"""The order in which namespaces move, and what is written for each step."""

from meshes import authentication, namespace, pod, rule, service
from readiness.checking import judged
from readiness.test_checks import caller


def mesh(*calls: tuple[str, str]) -> str:
    """Namespaces of one app each, of their own name; each pair is a call."""
    names = sorted({name for pair in calls for name in pair})
    apps = [namespace(name) + pod(name, home=name) + service(name, home=name) for name in names]
    return "".join((*apps, *(caller(f"{one}-{two}", f"http://{two}.{two}", home=one) for one, two in calls)))


def steps(text: str) -> list[tuple[str, ...]]:
    return [step.namespaces for step in judged(text).steps]


def test_callers_before_servers():
    assert steps(mesh(("front", "middle"), ("middle", "back"))) == [("front",), ("middle",), ("back",)]


def test_who_is_let_in_by_a_policy_is_a_caller():
    text = mesh(("front", "front"), ("back", "back"))
    assert steps(text) == [("back", "front")]
    policy = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: let-in, namespace: back}
spec: {rules: [{from: [{source: {principals: [cluster.local/ns/front/sa/default]}}]}]}
"""
    assert steps(text + policy) == [("front",), ("back",)]
    assert steps(text + policy.replace("principals: [cluster.local/ns/front/sa/default]", "namespaces: [front]")) == [
        ("front",),
        ("back",),
    ]


def test_those_that_do_not_call_each_other_move_together():
    assert steps(mesh(("front", "left"), ("front", "right"))) == [("front",), ("left", "right")]


def test_circles_move_together_and_are_shown():
    report = judged(mesh(("front", "a"), ("a", "b"), ("b", "a")))
    assert [step.namespaces for step in report.steps] == [("front",), ("a", "b")]
    assert [step.circles for step in report.steps] == [(), (("a", "b"),)]


def test_who_is_not_ready_waits_and_keeps_the_mesh_policy_back():
    text = mesh(("front", "back"))
    assert judged(text).mesh_policy is not None
    report = judged(text + rule("r", "back", "{tls: {mode: DISABLE}}", home="back"))
    assert ([step.namespaces for step in report.steps], report.waiting) == ([("front",)], ("back",))
    assert report.mesh_policy is None


def test_the_policy_that_is_there_gets_another_mode():
    report = judged(mesh(("front", "back")) + authentication("house-rule", "PERMISSIVE", home="front"))
    [policy] = report.steps[0].policies
    assert policy.replaces is not None
    assert policy.yaml == (
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: house-rule\n  namespace: front\n"
        "spec:\n  mtls:\n    mode: STRICT\n"
    )


def test_who_is_strict_already_needs_no_step():
    report = judged(mesh(("front", "back")) + authentication("d", "STRICT", home="front"))
    assert (report.strict_already, [step.namespaces for step in report.steps]) == (("front",), [("back",)])


def test_a_name_that_yaml_would_misread_is_quoted():
    text = (namespace("home") + pod("web", home="home") + service("web", home="home")).replace("home", "'no'")
    [step] = judged(text).steps
    assert '  namespace: "no"\n' in step.policies[0].yaml
