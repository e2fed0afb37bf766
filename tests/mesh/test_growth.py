"""Twice the input costs at most 2.3 times as much. Steps are counted, not seconds, so that the test never flickers."""

import sys
from itertools import pairwise

import pytest

from meshlint.mesh.context import Entry, Origin
from meshlint.mesh.mesh import Mesh
from meshlint.model.kinds import convert
from meshlint.model.networking.destination_rule import DestinationRule
from meshlint.model.networking.virtual_service import VirtualService

_SIZE = 250


def _resource(kind, name, namespace, spec):
    api = "v1" if kind == "Service" else "networking.istio.io/v1"
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def _route(number, namespace, host, to, subset=None, gateways=None):
    destination = {"host": to} | ({"subset": subset} if subset else {})
    spec = {"hosts": [host], "http": [{"route": [{"destination": destination}]}]} | (
        {"gateways": gateways} if gateways else {}
    )
    return _resource("VirtualService", f"v{number}", namespace, spec)


def _service(name, namespace="shop", app=None):
    return _resource("Service", name, namespace, {"selector": {"app": app or name}, "ports": [{"port": 80}]})


def _rule(number, namespace, host, subset):
    return _resource("DestinationRule", f"d{number}", namespace, {"host": host, "subsets": [{"name": subset}]})


def _entry(number, host, **spec):
    return _resource("ServiceEntry", f"e{number}", "egress", {"hosts": [host], **spec})


def _gateway(number):
    server = {"port": {"number": 443, "protocol": "HTTPS", "name": "https"}, "hosts": [f"h{number}.example.com"]}
    return _resource("Gateway", f"g{number}", "edge", {"selector": {"istio": "ingress"}, "servers": [server]})


def _sidecar(number, namespace):
    return _resource("Sidecar", f"s{number}", namespace, {"egress": [{"hosts": ["./*", "istio-system/*"]}]})


_FULL = "a.shop.svc.cluster.local"
_CASES = {
    "routes of one host": lambda n: [
        _service("a"),
        _rule(0, "shop", "a", "v1"),
        *(_route(i, "shop", "a", "a", "v1") for i in range(n)),
    ],
    "missing hosts": lambda n: [
        *(_service(f"a{i}") for i in range(n)),
        *(_route(i, "shop", "a", f"b{i}") for i in range(n)),
    ],
    "missing hosts among services of one app": lambda n: [
        *(_service(f"a{i}", app="a") for i in range(n)),
        *(_route(i, "shop", "a1", f"b{i}") for i in range(n)),
    ],
    "rules of one host": lambda n: [
        *(_rule(i, "shop", "a", f"v{i}") for i in range(n)),
        *(_route(i, "shop", "a", "a", f"v{i}") for i in range(n)),
    ],
    "missing subsets": lambda n: [
        *(_rule(i, "shop", "a", f"v{i}") for i in range(n)),
        *(_route(i, "shop", "a", "a", f"w{i}") for i in range(n)),
    ],
    "rules of one host in many namespaces": lambda n: [
        *(_rule(i, f"n{i}", _FULL, "v1") for i in range(n)),
        *(_route(i, f"n{i}", "x", _FULL, "v1") for i in range(n)),
    ],
    "rules with wildcards": lambda n: [
        *(_rule(i, "shop", f"*.{i}.com", "v1") for i in range(n)),
        *(_route(i, "shop", "x", f"a.{i}.com", "v1") for i in range(n)),
    ],
    "gateways of one selector": lambda n: [
        *(_gateway(i) for i in range(n)),
        *(_route(i, "edge", f"h{i}.example.com", "a", gateways=[f"g{i}", f"lost{i}"]) for i in range(n)),
    ],
    "entries": lambda n: [
        *(_entry(i, f"h{i}.com") for i in range(n)),
        *(_route(i, "shop", "x", f"h{i}.org") for i in range(n)),
    ],
    "private entries": lambda n: [
        *(_entry(i, f"h{i}.com", exportTo=["."]) for i in range(n)),
        *(_route(i, "shop", "x", f"h{i}.org") for i in range(n)),
    ],
    "entries of one host": lambda n: [
        *(_entry(i, "h.com") for i in range(n)),
        *(_route(i, "shop", "h.com", "h.com") for i in range(n)),
    ],
    "sidecars": lambda n: [
        *(_sidecar(i, f"n{i}") for i in range(n)),
        *(_route(i, f"n{i}", "x", _FULL) for i in range(n)),
        _service("a"),
    ],
    "variants": lambda n: [
        *(_service(f"a{i % 5}") for i in range(n)),
        *(_rule(i, "shop", f"a{i % 5}", "v1") for i in range(n)),
    ],
}


def _ask_everything(mesh: Mesh) -> None:
    for route in mesh.all(VirtualService):
        for destination in route.destinations():
            mesh.hosts.resolve(destination.host, route)
            mesh.destination_rules.for_host(destination.host, mesh.namespace(route))
            mesh.sidecars.sees(mesh.namespace(route), destination.host)
            if destination.subset:
                mesh.destination_rules.subset(destination.host, destination.subset, route)
        for reference in route.spec.gateways or ():
            mesh.gateways.resolve(reference, route)
            mesh.gateways.takes(reference, route.spec.hosts[0], route)
    rules = mesh.all(DestinationRule)
    for one, other in pairwise(rules):
        mesh.hosts.resolve(one.spec.host, one)
        mesh.trust.may_conflict(one, other)
    assert mesh.gateways.listeners is not None


def _steps(documents) -> int:
    entries = [
        Entry(convert(item), Origin(n // 5, n % 5, f"d{n // 50}/f{n // 5}.yaml")) for n, item in enumerate(documents)
    ]
    mesh = Mesh(entries)
    steps = 0

    def count(_frame, event, _argument):
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        _ask_everything(mesh)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("name", _CASES)
def test_the_cost_grows_with_the_input(name):
    make = _CASES[name]
    _steps(make(2))  # imports what is imported late
    assert _steps(make(2 * _SIZE)) <= 2.3 * _steps(make(_SIZE))
