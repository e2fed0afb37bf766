"""Twice the input costs twice the work: counted in function calls, which no busy machine changes."""

import sys

import pytest
from building import build
from meshes import authentication, namespace, pod, rule, service
from readiness.test_checks import caller

from meshlint.findings import Region
from meshlint.readiness.judge import judge


def _space(number: int, more: str = "") -> str:
    home = f"n{number}"
    return namespace(home) + pod("w", home=home) + service("w", home=home) + more


def chain(number: int) -> str:
    return "".join(_space(n, caller("c", f"http://w.n{n + 1}", home=f"n{n}")) for n in range(number))


def rules_for_all(number: int) -> str:
    policy = "{tls: {mode: ISTIO_MUTUAL}}"
    return "".join(_space(n, rule("r", "'*.local'", policy, home=f"n{n}")) for n in range(number))


def rules_for_namespaces(number: int) -> str:
    policy = "{tls: {mode: DISABLE}}"
    return "".join(_space(n, rule("r", f"'*.n{n}.svc.cluster.local'", policy, home=f"n{n}")) for n in range(number))


def one_namespace(number: int) -> str:
    apps = (
        pod(f"w{n}")
        + service(f"w{n}").replace("namespace: shop}\nspec:", f"namespace: shop, labels: {{app: w{n}}}}}\nspec:", 1)
        + rule(f"r{n}", f"w{n}", "{tls: {mode: SIMPLE}}")
        + authentication(f"a{n}", "STRICT", selector=f"{{app: w{n}}}", ports="{8080: {mode: PERMISSIVE}}")
        + f"---\n{{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {{name: m{n}, namespace: shop}},"
        f" spec: {{selector: {{matchLabels: {{app: w{n}}}}}, endpoints: [{{port: http}}]}}}}\n"
        f"---\n{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p{n}, namespace: shop}}, spec:"
        f" {{podSelector: {{}}, ingress: [{{from: [{{podSelector: {{matchLabels: {{app: x{n}}}}}}}]}}]}}}}\n"
        for n in range(number)
    )
    return namespace("shop") + "".join(apps)


def calls_of_all_proxies(number: int) -> str:
    """A filter of the root namespace for each service, and a cluster of its own for each."""
    filters = (
        f"---\n{{apiVersion: networking.istio.io/v1alpha3, kind: EnvoyFilter, metadata: {{name: f{n}, namespace: istio-system}},"
        f" spec: {{configPatches: [{{applyTo: CLUSTER, patch: {{operation: ADD, value: {{name: c{n}, type: STRICT_DNS,"
        f" load_assignment: {{endpoints: [{{lb_endpoints: [{{endpoint: {{address: {{socket_address: {{address: w.n{n},"
        f" port_value: 80}}}}}}}}]}}]}}}}}}}}, {{applyTo: HTTP_FILTER, patch: {{operation: INSERT_FIRST, value: {{name: x,"
        f" a: 'outbound|80||w.n{n}.svc.cluster.local', b: c{n}}}}}}}]}}}}\n"
        for n in range(number)
    )
    return "".join(
        _space(n, rule("r", f"w.n{n - 1}.svc.cluster.local", "{tls: {}}", home=f"n{n}")) for n in range(number)
    ) + "".join(filters)


def _calls(text: str) -> int:
    mesh, count = build(text), 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        judge(mesh, lambda spot: ("mesh.yaml", Region(1, 1, 1, 1)))
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("mesh", [chain, rules_for_all, rules_for_namespaces, one_namespace, calls_of_all_proxies])
def test_growth(mesh):
    _calls(mesh(2))  # imports
    assert _calls(mesh(80)) < 2.3 * _calls(mesh(40))
