"""Twice the policies and pods cost at most a bit more than twice as much, counted in executed lines of meshlint."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from support import report

_RULES = ("ML45", "ML46", "ML56", "ML66", "ML90")
_SIZE = 120
"""Above what any rule looks at one by one."""


def _policy(number: int, spec: str) -> str:
    return f"""apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: p{number}, namespace: shop}}
spec: {spec}"""


def _pods(number: int, labels: str = "") -> str:
    return f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: w{number}, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: w{number}, sidecar.istio.io/inject: "true"{labels}}}}}
    spec: {{containers: [{{name: main, image: main, ports: [{{containerPort: 80}}]}}]}}"""


def _service(number: int, port: str = "http") -> str:
    return f"""apiVersion: v1
kind: Service
metadata: {{name: w{number}, namespace: shop}}
spec: {{selector: {{app: w{number}}}, ports: [{{name: {port}, port: 80}}]}}"""


_OFF = """apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: DISABLE}}"""
_PLAIN = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: plain, namespace: shop}
spec: {host: "*.shop.svc.cluster.local", trafficPolicy: {tls: {mode: DISABLE}}}"""
_CALLERS = "{rules: [{from: [{source: {namespaces: [till]}}]}]}"
_GETS = "{rules: [{to: [{operation: {methods: [GET]}}]}]}"

_CASES: dict[str, Callable[[int], list[str]]] = {
    "policies of one namespace without mTLS": lambda n: [
        _OFF,
        *(_policy(i, _CALLERS) for i in range(n)),
        *map(_pods, range(n)),
    ],
    "policies of one namespace with plain clients": lambda n: [
        _PLAIN,
        *(_policy(i, _CALLERS) for i in range(n)),
        *map(_pods, range(n)),
        *map(_service, range(n)),
    ],
    "policies for requests to TCP ports": lambda n: [
        *(_policy(i, _GETS) for i in range(n)),
        *map(_pods, range(n)),
        *(_service(i, "tcp") for i in range(n)),
    ],
    "policies that allow everything beside others": lambda n: [
        *(_policy(i, "{rules: [{}]}") for i in range(n)),
        *(_policy(n + i, "{action: DENY, rules: [{}]}") for i in range(n)),
        *(_policy(2 * n + i, _GETS) for i in range(n)),
    ],
    "a policy for each workload": lambda n: [
        *(_policy(i, f"{{selector: {{matchLabels: {{app: w{i}}}}}, rules: [{{}}]}}") for i in range(n)),
        *map(_pods, range(n)),
    ],
}


def _cost(documents: list[str]) -> int:
    """Lines of meshlint and its rules that a run executes."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if "meshlint" not in frame.f_code.co_filename and "/rules/" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    text = "\n---\n".join(documents)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        report(text, only=_RULES)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("case", _CASES)
def test_growth(case: str) -> None:
    _cost(_CASES[case](2))  # imports
    once, twice = (_cost(_CASES[case](size)) for size in (_SIZE, 2 * _SIZE))
    assert twice < 2.3 * once
