"""Twice the input costs at most a bit more than twice as much, and is said in twice as many words.

The cost is counted in executed lines of meshlint, which no other load of the machine changes. Every
case makes everything conflict with everything: there a comparison of pairs would show.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import findings

sys.path.insert(0, str(Path(__file__).parent))

from manifests import deployment, entry, gateway, manifest, namespace, route, rule, service

_SIZE = 60
_RULES = ("ML24", "ML52", "ML62", "ML63", "ML73", "ML83", "ML44")
_PODS = deployment("edge", "edge", istio="edge")


def _telemetry(number: int, **spec: object) -> str:
    return manifest("Telemetry", f"t{number}", spec={"tracing": [{"randomSamplingPercentage": 1}], **spec})


def _sidecar(number: int, home: str, **spec: object) -> str:
    return manifest("Sidecar", f"s{number}", home, {"egress": [{"hosts": ["./*"]}], **spec})


_WEB = {"workloadSelector": {"labels": {"app": "web"}}}
_CASES: dict[str, Callable[[int], list[str]]] = {
    "gateways of one selector": lambda n: [
        _PODS,
        *(gateway(f"g{i}", (443, "HTTPS", f"h{i}.example.com", "wildcard")) for i in range(n)),
    ],
    "gateways of one TLS host": lambda n: [
        _PODS,
        *(gateway(f"g{i}", (443, "HTTPS", "h.example.com", f"c{i}")) for i in range(n)),
    ],
    "gateways of two protocols": lambda n: [
        *(gateway(f"g{i}", (443, "TCP" if i % 2 else "HTTP", "*")) for i in range(n)),
    ],
    "gateways of many selectors": lambda n: [
        *(gateway(f"g{i}", (443, "HTTPS", "h.example.com", f"c{i}"), istio="edge", tier=f"t{i}") for i in range(n)),
        *(deployment(f"edge{i}", "edge", istio="edge", tier=f"t{i}") for i in range(n)),
    ],
    "VirtualServices of one host": lambda n: [route(f"v{i}", "web") for i in range(n)],
    "VirtualServices of one host, exported": lambda n: [
        route(f"v{i}", "web.shop.svc.cluster.local", namespace=f"n{i}", exportTo=[".", "all"]) for i in range(n)
    ],
    "VirtualServices of one host on one gateway": lambda n: [
        route(f"v{i}", "a.example.com", gateways=["edge/g"]) for i in range(n)
    ],
    "namespaces with Sidecars": lambda n: [
        *(_sidecar(0, f"n{i}") for i in range(n)),
        *(_sidecar(1, f"n{i}", **_WEB) for i in range(n)),
        *(deployment("web", f"n{i}") for i in range(n)),
    ],
    "Sidecars of one namespace": lambda n: [
        deployment("web"),
        *(_sidecar(i, "shop") for i in range(n)),
        *(_sidecar(n + i, "shop", **_WEB) for i in range(n)),
    ],
    "Telemetries of one namespace": lambda n: [
        deployment("web"),
        *(_telemetry(i) for i in range(n)),
        *(_telemetry(n + i, selector={"matchLabels": {"app": "web"}}) for i in range(n)),
    ],
    "services of one workload": lambda n: [
        deployment("web"),
        *(
            service(f"s{i}", "shop", {"name": "tcp" if i % 2 else "http", "port": 80, "targetPort": 80}, app="web")
            for i in range(n)
        ),
    ],
    "services": lambda n: [
        *(service(f"s{i}", "shop", 80, 81) for i in range(n)),
        *(deployment(f"s{i}") for i in range(n)),
        *(route(f"v{i}", f"s{i}", f"s{i}", subset="v1") for i in range(n)),
        *(rule(f"d{i}", f"s{i}", "shop", "v1") for i in range(n)),
    ],
    "ServiceEntries of one host": lambda n: [
        *(entry(f"e{i}", "a.example.com", protocol="HTTP" if i % 2 else "TLS") for i in range(n)),
    ],
    "policies about namespaces": lambda n: [
        *(namespace(f"n{i}", istio_injection="enabled") for i in range(n)),
        *(
            manifest(
                "AuthorizationPolicy", f"p{i}", spec={"rules": [{"from": [{"source": {"namespaces": [f"m{i}*"]}}]}]}
            )
            for i in range(n)
        ),
    ],
}


def _cost(texts: list[str]) -> tuple[int, int]:
    """Executed lines, and characters said."""
    steps = 0

    def count(_frame: object, event: str, _argument: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        found = findings("\n---\n".join(texts), only=_RULES, options="--scope complete")
    finally:
        sys.settrace(before)
    said = sum(len(item.message) + sum(len(end.message) for end in item.related) for item in found)
    return steps, said


@pytest.mark.parametrize("case", _CASES)
def test_the_cost_grows_with_the_input(case: str) -> None:
    make = _CASES[case]
    _cost(make(2))  # imports what is imported late
    (small, said), (large, said_of_twice) = _cost(make(_SIZE)), _cost(make(2 * _SIZE))
    assert large <= 2.3 * small
    assert said_of_twice <= 2.3 * max(said, 1)
