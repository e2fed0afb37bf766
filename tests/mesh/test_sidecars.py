"""Which Sidecar is in force, and what it lets through."""

import pytest
from mesh.building import build, named

from meshlint.mesh.answers import Answer


def _sidecar(name: str, namespace: str, spec: str = "{}", created: str = "") -> str:
    time = f', creationTimestamp: "{created}"' if created else ""
    return f"""
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {{name: {name}, namespace: {namespace}{time}}}
spec: {spec}
"""


def _found(mesh, namespace, labels=None):
    return [sidecar and sidecar.name for sidecar in mesh.sidecars.for_workload(namespace, labels)]


_CART = "{workloadSelector: {labels: {app: cart}}}"


@pytest.mark.parametrize(
    ("sidecars", "labels", "expected"),
    [
        # doGetSidecarScope in pilot/pkg/model/push_context.go
        ("", {"app": "cart"}, [None]),
        (_sidecar("general", "shop"), {"app": "cart"}, ["general"]),
        (_sidecar("general", "shop") + _sidecar("cart", "shop", _CART), {"app": "cart"}, ["cart"]),
        (_sidecar("general", "shop") + _sidecar("cart", "shop", _CART), {"app": "web"}, ["general"]),
        (_sidecar("general", "shop") + _sidecar("cart", "shop", _CART), None, ["cart", "general"]),
        (_sidecar("cart", "shop", _CART), None, ["cart", None]),
        (_sidecar("root", "istio-system"), {}, ["root"]),
        (_sidecar("root", "istio-system") + _sidecar("general", "shop"), {}, ["general"]),
        (_sidecar("root", "istio-system", _CART), {"app": "cart"}, [None]),
        (_sidecar("elsewhere", "web"), {}, [None]),
        # An empty selector is one, and picks everything.
        (_sidecar("all", "shop", "{workloadSelector: {}}") + _sidecar("general", "shop"), {}, ["all"]),
        # The oldest of several wins, if that can be told.
        (_sidecar("a", "shop") + _sidecar("b", "shop"), {}, ["a", "b"]),
        (
            _sidecar("a", "shop", created="2024-02-01T00:00:00Z")
            + _sidecar("b", "shop", created="2024-01-01T00:00:00Z"),
            {},
            ["b"],
        ),
        (_sidecar("unread", "shop", "7") + _sidecar("general", "shop"), {}, ["unread", "general"]),
        (_sidecar("unread", "istio-system", "7"), {}, ["unread", None]),
    ],
)
def test_the_sidecar_in_force(sidecars, labels, expected):
    assert _found(build(sidecars), "shop", labels) == expected


_SERVICES = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: id}
spec: {ports: [{port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: hidden, namespace: id, annotations: {networking.istio.io/exportTo: "."}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: api, namespace: egress}
spec: {hosts: [api.example.com], ports: [{number: 443}]}
"""
_LOGIN = "login.id.svc.cluster.local"


@pytest.mark.parametrize(
    ("hosts", "host", "expected"),
    [
        # convertIstioListenerToWrapper and selectServices in pilot/pkg/model/sidecar.go
        ('["*/*"]', _LOGIN, Answer.YES),
        ('["./*"]', "cart", Answer.YES),
        ('["./*"]', _LOGIN, Answer.NO),
        ('["id/*"]', _LOGIN, Answer.YES),
        ('["id/*"]', "cart", Answer.NO),
        ('["id/login.id.svc.cluster.local"]', _LOGIN, Answer.YES),
        ('["*/login.id.svc.cluster.local"]', _LOGIN, Answer.YES),
        ('["id/login.id.svc.corp.local"]', _LOGIN, Answer.YES),
        ('["./login.id.svc.cluster.local"]', _LOGIN, Answer.NO),
        # A short name is none of a service here.
        ('["id/login"]', _LOGIN, Answer.NO),
        ('["*/*.id.svc.cluster.local"]', _LOGIN, Answer.YES),
        ('["*/*.corp.svc.cluster.local"]', _LOGIN, Answer.NO),
        ('["egress/*.example.com"]', "api.example.com", Answer.YES),
        ('["./*.example.com"]', "api.example.com", Answer.NO),
        ('["~/*"]', "cart", Answer.NO),
        ('["*/*", "~id/*"]', _LOGIN, Answer.NO),
        ('["*/*", "~id/*"]', "cart", Answer.YES),
        ('["*/*", "~/login.id.svc.cluster.local"]', _LOGIN, Answer.NO),
        ("[cart]", "cart", Answer.NO),
        # Not in the registry, or not for this namespace.
        ('["./*"]', "nobody", Answer.UNKNOWN),
        ('["*/*"]', "hidden.id.svc.cluster.local", Answer.UNKNOWN),
    ],
)
def test_what_a_sidecar_lets_through(hosts, host, expected):
    mesh = build(_SERVICES + _sidecar("general", "shop", f"{{egress: [{{hosts: {hosts}}}]}}"))
    assert mesh.sidecars.sees("shop", host) is expected


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ("{number: 443, protocol: HTTPS}", Answer.YES),
        ("{number: 80, protocol: HTTP}", Answer.NO),
        # needsPortMatch: a proxy port takes all.
        ("{number: 3128, protocol: HTTP_PROXY}", Answer.YES),
    ],
)
def test_a_listener_with_a_port_lets_services_of_that_port_through(port, expected):
    mesh = build(_SERVICES + _sidecar("general", "shop", f'{{egress: [{{port: {port}, hosts: ["*/*"]}}]}}'))
    assert mesh.sidecars.sees("shop", _LOGIN) is expected


def test_without_egress_everything_is_seen():
    assert build(_SERVICES + _sidecar("general", "shop")).sidecars.sees("shop", _LOGIN) is Answer.YES


def test_without_a_sidecar_everything_is_seen():
    assert build().sidecars.sees("shop", "anything.example.com") is Answer.YES


def test_sidecars_that_differ_leave_it_open():
    mesh = build(
        _SERVICES
        + _sidecar("general", "shop", '{egress: [{hosts: ["./*"]}]}')
        + _sidecar("cart", "shop", '{workloadSelector: {labels: {app: cart}}, egress: [{hosts: ["*/*"]}]}')
    )
    assert mesh.sidecars.sees("shop", _LOGIN) is Answer.UNKNOWN
    assert mesh.sidecars.sees("shop", _LOGIN, {"app": "cart"}) is Answer.YES
    assert mesh.sidecars.sees("shop", _LOGIN, {"app": "web"}) is Answer.NO


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        # collectImportedServices: the destinations of an imported VirtualService come along.
        ("{hosts: [cart], http: [{route: [{destination: {host: login.id.svc.cluster.local}}]}]}", Answer.YES),
        (
            "{hosts: [other.id.svc.cluster.local], http: [{route: [{destination: {host: login.id.svc.cluster.local}}]}]}",
            Answer.NO,
        ),
        (
            "{hosts: [cart], gateways: [edge], http: [{route: [{destination: {host: login.id.svc.cluster.local}}]}]}",
            Answer.NO,
        ),
        (
            "{hosts: [cart], exportTo: [id], http: [{route: [{destination: {host: login.id.svc.cluster.local}}]}]}",
            Answer.NO,
        ),
        # VSMatches goes both ways.
        ('{hosts: ["*.local"], http: [{route: [{destination: {host: login.id.svc.cluster.local}}]}]}', Answer.YES),
    ],
)
def test_an_imported_route_brings_its_destinations(route, expected):
    virtual_service = f"""
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: route, namespace: shop}}
spec: {route}
"""
    egress = '{egress: [{hosts: ["./cart.shop.svc.cluster.local"]}]}'
    mesh = build(_SERVICES + virtual_service + _sidecar("general", "shop", egress))
    assert mesh.sidecars.sees("shop", _LOGIN) is expected


def test_the_hosts_of_a_listener_are_given_one_by_one():
    mesh = build(_sidecar("general", "shop", '{egress: [{hosts: ["./a.b", "*/*", "~/x", wrong, a/b/c]}]}'))
    listener = named(mesh, "general").spec.egress[0]
    found = [(item.namespace, item.host, item.excludes) for item in mesh.sidecars.imports(listener, "shop")]
    assert found == [("shop", "a.b", False), ("*", "*", False), ("*", "x", True)]
