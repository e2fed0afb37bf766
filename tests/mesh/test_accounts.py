"""Who runs as which service account: pkg/spiffe/spiffe.go gives pods their identity."""

import pytest
from mesh.building import build, named

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import External, Scope


def deployment(name: str, account: str = "", namespace: str = "shop", app: str = "") -> str:
    labels = f"{{app: {app}}}" if app else "{}"
    spec = f"serviceAccountName: {account}, containers: []" if account else "containers: []"
    home = f", namespace: {namespace}" if namespace else ""
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}{home}}}
spec: {{template: {{metadata: {{labels: {labels}}}, spec: {{{spec}}}}}}}
"""


POLICY = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: policy, namespace: shop}
"""


@pytest.mark.parametrize(
    ("text", "account", "expected", "near", "namesake"),
    [
        (deployment("web", "web"), "web", Answer.YES, None, "web"),
        (deployment("web", "robot"), "robot", Answer.YES, None, None),
        (deployment("web"), "default", Answer.YES, None, None),
        # A workload of that name runs as another account
        (deployment("frontend"), "frontend", Answer.NO, None, "frontend"),
        (deployment("frontend-v1", app="frontend"), "frontend", Answer.NO, None, "frontend-v1"),
        (deployment("frontend"), "fronted", Answer.NO, None, "frontend"),
        # A slip of an account in use
        (deployment("web", "bookinfo-reviews"), "bookinfo-reviws", Answer.NO, "bookinfo-reviews", None),
        # No evidence
        (deployment("web", "web"), "other", Answer.UNKNOWN, None, None),
        ("", "web", Answer.UNKNOWN, None, None),
        (deployment("frontend", namespace="bank"), "frontend", Answer.UNKNOWN, None, None),
        # What no file shows may run as the account
        (deployment("frontend") + deployment("x").replace("spec: {template", "spec: {templat"), "frontend",
         Answer.UNKNOWN, None, "frontend"),
        (deployment("frontend") + deployment("frontend", "frontend", ""), "frontend", Answer.UNKNOWN, None, "frontend"),
        ("", "istio-ingressgateway-service-account", Answer.YES, None, None),
    ],
)  # fmt: skip
def test_whether_something_runs_as_an_account(text, account, expected, near, namesake):
    mesh = build(text + POLICY)
    outcome = mesh.accounts.runs_as("shop", account, named(mesh, "policy"))
    assert outcome.answer is expected
    assert outcome.near == near
    found = mesh.accounts.namesake("shop", account)
    assert (found.name if found else None) == namesake


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"scope": Scope.COMPLETE}, Answer.NO),
        ({"scope": Scope.PARTIAL}, Answer.UNKNOWN),
        ({"external": External(service_accounts=("shop/jenkins*",))}, Answer.YES),
    ],
)
def test_what_the_user_says_of_the_input_counts(context, expected):
    mesh = build(POLICY, **context)
    assert mesh.accounts.runs_as("shop", "jenkins-agent", named(mesh, "policy")).answer is expected


MANY = deployment("web", "web") + deployment("api", "api") + deployment("web", "web", "bank")


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("cluster.local/ns/shop/sa/web", [("shop", "web")]),
        ("cluster.local/ns/shop/sa/*", [("shop", "api"), ("shop", "web")]),
        ("cluster.local/ns/shop/*", [("shop", "api"), ("shop", "web")]),
        ("*/sa/web", [("bank", "web"), ("shop", "web")]),
        ("*/ns/shop/sa/web", [("shop", "web")]),
        ("*", [("bank", "web"), ("shop", "api"), ("shop", "web")]),
        ("cluster.local/ns/shop/sa/we", []),
        ("foreign/ns/shop/sa/web", []),
        ("spiffe://cluster.local/ns/shop/sa/web", []),
    ],
)
def test_the_accounts_a_principal_matches(principal, expected):
    assert sorted(build(MANY).accounts.matching(principal)) == expected


def test_the_own_trust_domain_goes_by_cluster_local_and_its_aliases_too():
    mesh = build(MANY, mesh_config={"trustDomain": "td", "trustDomainAliases": ["old"]})
    for domain in ("td", "old", "cluster.local"):
        assert list(mesh.accounts.matching(f"{domain}/ns/shop/sa/web")) == [("shop", "web")]
    assert mesh.accounts.identity(mesh.workloads.of("bank")[0]) == "td/ns/bank/sa/web"


def test_a_machine_has_the_identity_of_its_account():
    mesh = build("""
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: a, namespace: shop}
spec: {address: 10.0.0.1, serviceAccount: vm}
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: b, namespace: shop}
spec: {address: 10.0.0.2}
""")
    assert [mesh.accounts.identity(item) for item in mesh.workloads.of("shop")] == ["cluster.local/ns/shop/sa/vm", None]
    assert [item.name for item in mesh.accounts.workloads("shop", "vm")] == ["a"]
    assert list(mesh.accounts.of_namespace("shop")) == ["vm"]
