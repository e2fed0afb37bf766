"""Chains of calls: what shows a call, how tries multiply, how long a caller waits."""

from decimal import Decimal
from itertools import pairwise

import pytest
from building import build
from meshes import namespace, pod, service

from meshlint.mesh.callgraph import CallGraph, factor, latency, named_as

SERVICES = namespace("shop") + "".join(pod(name) + service(name) for name in ("a", "b", "c"))


def route(host: str, client: str, settings: str = "") -> str:
    return f"""---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {client}-to-{host}, namespace: shop}}
spec:
  hosts: [{host}]
  http:
  - match: [{{sourceLabels: {{app: {client}}}}}]
    route: [{{destination: {{host: {host}}}}}]
    {settings}
"""


def chains(text: str, least: int = 1) -> list[list[str]]:
    graph = build(SERVICES + text).call_graph
    return [[hop.edge.service.name for hop in chain] for chain in graph.worst_chains(least)]


def retries(attempts: int, more: str = "") -> str:
    return f"retries: {{attempts: {attempts}, retryOn: 5xx{more}}}"


def test_tries_multiply() -> None:
    graph = build(SERVICES + route("b", "a", retries(2)) + route("c", "b", retries(3))).call_graph
    [chain] = graph.worst_chains(1)
    assert [hop.edge.service.name for hop in chain] == ["b", "c"]
    assert factor(chain) == 12


def test_a_chain_begins_and_ends_with_retries() -> None:
    assert chains(route("b", "a") + route("c", "b", retries(3))) == [["c"]]
    assert chains(route("b", "a") + route("c", "b"), least=2) == []


@pytest.mark.parametrize(
    ("settings", "tries"),
    [
        ("", 1),
        ("retries: {attempts: 3}", 1),
        ("retries: {attempts: 3, retryOn: 'connect-failure, refused-stream'}", 1),
        ("retries: {attempts: 3, retryOn: 'connect-failure,503'}", 4),
        ("retries: {attempts: 0}", 1),
        ("retries: {attempts: 3, retryOn: reset}", 4),
        ("retries: {attempts: 3, retryOn: 5xx}\n    fault: {abort: {httpStatus: 500, percentage: {value: 1}}}", 1),
    ],
)
def test_what_counts_as_a_try(settings, tries) -> None:
    [hop] = build(SERVICES + route("b", "a", settings)).call_graph.hops
    assert hop.tries == tries


def test_a_circle_counts_once_and_does_not_hang() -> None:
    text = route("b", "a", retries(2)) + route("a", "b", retries(2)) + route("c", "b", retries(2))
    graph = build(SERVICES + text).call_graph
    assert [factor(chain) for chain in graph.worst_chains(1)] == [3]
    assert [[hop.edge.service.name for hop in cycle] for cycle in graph.cycles()] == [["b", "a"]]


POLICY = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: c, namespace: shop}
spec:
  selector: {matchLabels: {app: c}}
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/runner]}}]}]
"""
SIDECAR = """---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: a, namespace: shop}
spec:
  workloadSelector: {labels: {app: a}}
  egress: [{hosts: [./c.shop.svc.cluster.local, "./*"]}]
"""
SETTING = """---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: shop, labels: {app: job}}
spec: {containers: [{name: main, image: x, env: [{name: URL, value: "http://c:80"}]}]}
"""


@pytest.mark.parametrize(
    ("text", "guessed", "calls"),
    [
        (POLICY.replace("runner", "default"), False, {("shop/a", "c"), ("shop/b", "c"), ("shop/c", "c")}),
        (POLICY.replace("spec:", "spec:\n  action: DENY").replace("runner", "default"), False, set()),
        (POLICY, False, set()),
        (SIDECAR, False, {("shop/a", "c")}),
        (SETTING, False, set()),
        (SETTING, True, {("shop/job", "c")}),
        (route("c", "a"), False, {("shop/a", "c")}),
        (route("c", "nobody"), False, set()),
    ],
)
def test_what_shows_a_call(text, guessed, calls) -> None:
    mesh = build(SERVICES + text)
    graph = CallGraph(mesh, guessed=guessed)
    assert {(named_as(mesh, hop.edge.caller), hop.edge.service.name) for hop in graph.hops} == calls


@pytest.mark.parametrize(
    ("outer", "inner", "wait"),
    [
        ("timeout: 4s", "", Decimal(4)),
        ("", "", None),
        ("", "timeout: 3s", Decimal(3)),
        (retries(2), "timeout: 3s", Decimal("9.1")),
        (retries(2, ", perTryTimeout: 1s"), "timeout: 3s", Decimal("3.1")),
        (retries(1, ", perTryTimeout: 1s, backoff: 1s"), "", Decimal(3)),
        ("timeout: 0s", "timeout: 3s", Decimal(3)),
    ],
)
def test_how_long_the_first_caller_waits(outer, inner, wait) -> None:
    """Pauses: at most 25 ms before the first retry, 75 ms before the second."""
    hops = {
        hop.edge.service.name: hop
        for hop in build(SERVICES + route("b", "a", outer) + route("c", "b", inner)).call_graph.hops
    }
    assert latency([hops["b"], hops["c"]]) == wait


def test_the_calls_of_a_called_service() -> None:
    graph = build(SERVICES + route("b", "a") + route("c", "b")).call_graph
    first = next(hop for hop in graph.hops if hop.edge.service.name == "b")
    assert [hop.edge.service.name for hop in graph.following(first)] == ["c"]


def test_a_long_chain_is_followed_to_its_end() -> None:
    count = 1500
    names = [f"s{number}" for number in range(count)]
    text = namespace("shop") + "".join(pod(name) + service(name) for name in names)
    text += "".join(route(after, before, retries(1)) for before, after in pairwise(names))
    [chain] = build(text).call_graph.worst_chains(2)
    assert len(chain) == count - 1
    assert latency(chain) is None
