"""Which service a host names."""

import pytest
from mesh.building import build, named, names

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import External, Scope
from meshlint.mesh.host_names import HostIndex, covers, expand, overlap, service_of

_SHOP = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}}
---
apiVersion: v1
kind: Service
metadata: {name: ratings, namespace: shop}
spec: {selector: {app: ratings}}
---
apiVersion: v1
kind: Service
metadata: {name: secret, namespace: vault, annotations: {networking.istio.io/exportTo: ".,shop"}}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: function, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: one, namespace: egress}
spec: {hosts: [api.example.com]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: many, namespace: egress}
spec: {hosts: ["*.example.org"]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: private, namespace: egress}
spec: {hosts: [hidden.example.com], exportTo: ["."]}
"""


def _route(host: str, namespace: str | None = "shop", hosts: str = "[www.example.net]") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"""
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: route{where}}}
spec: {{hosts: {hosts}, http: [{{route: [{{destination: {{host: "{host}"}}}}]}}]}}
"""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        # ResolveShortnameToFQDN in pilot/pkg/model/config.go: only a name without a dot is completed.
        ("reviews", "reviews.shop.svc.cluster.local"),
        ("reviews.other", "reviews.other"),
        ("reviews.other.svc", "reviews.other.svc"),
        ("reviews.other.svc.cluster.local", "reviews.other.svc.cluster.local"),
        ("api.example.com", "api.example.com"),
        ("*", "*"),
        ("*.shop.svc.cluster.local", "*.shop.svc.cluster.local"),
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
        # Not of Istio: any domain after `.svc.` is taken for the cluster's.
        ("reviews.other.svc.corp.local", "reviews.other.svc.cluster.local"),
        ("*.other.svc.corp.local", "*.other.svc.cluster.local"),
        ("*.svc.corp.local", "*.svc.cluster.local"),
        ("api.svc.example.com", "api.svc.example.com"),
    ],
)
def test_a_host_is_looked_up_under_its_full_name(host, expected):
    assert build().hosts.fqdn(host, "shop") == expected


@pytest.mark.parametrize(
    ("wide", "narrow", "covered", "overlapping"),
    [
        # host.Name.SubsetOf and Matches in pkg/config/host/name.go
        ("a.com", "a.com", True, True),
        ("a.com", "b.com", False, False),
        ("*.a.com", "b.a.com", True, True),
        ("*.a.com", "c.b.a.com", True, True),
        ("*.a.com", "a.com", False, False),
        ("*.a.com", "ba.com", False, False),
        ("*", "a.com", True, True),
        ("*", "*.com", True, True),
        ("*.com", "*", False, True),
        ("*.a.com", "*.b.com", False, False),
        ("a.com", "*.com", False, True),
    ],
)
def test_wildcards_end_at_the_border_of_a_label(wide, narrow, covered, overlapping):
    assert covers(wide, narrow) is covered
    assert overlap(wide, narrow) is overlap(narrow, wide) is overlapping


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        # MostSpecificHostMatch in pilot/pkg/model/config.go
        ("a.b.com", "a.b.com"),
        ("x.b.com", "*.b.com"),
        ("x.com", "*.com"),
        ("x.org", "*"),
        ("*.b.com", "*.b.com"),
        ("*.x.b.com", "*.b.com"),
        ("A.B.com", "a.b.com"),
    ],
)
def test_the_most_specific_host_wins(host, expected):
    index = HostIndex()
    for known in ("*", "*.com", "*.b.com", "a.b.com"):
        index.add(known, known)
    assert index.most_specific(host) == (expected, [expected])


def test_nothing_covers_a_host_that_no_filed_host_matches():
    index = HostIndex()
    index.add("*.b.com", 1)
    assert index.most_specific("b.com") is None
    assert index.covering("c.b.com") == [1]


def test_a_service_is_told_from_its_full_name_only():
    assert service_of("a.b.svc.cluster.local").fqdn("x") == "a.b.svc.x"
    assert [service_of(host) for host in ("a", "a.b", "a.b.svc", "*.b.svc.x", "a.b.com.x", "p.a.b.svc.x")] == [None] * 6
    assert expand("a", "n", "corp") == "a.n.svc.corp"


@pytest.mark.parametrize(
    ("host", "namespace", "everybody", "seen"),
    [
        ("reviews", "shop", ["shop/reviews"], ["shop/reviews"]),
        ("reviews", "other", [], []),
        ("reviews.shop.svc.cluster.local", "other", ["shop/reviews"], ["shop/reviews"]),
        ("reviews.shop.svc.corp.local", "other", ["shop/reviews"], ["shop/reviews"]),
        ("reviews.shop", "other", [], []),
        ("function", "shop", ["shop/function"], ["shop/function"]),
        ("api.example.com", "shop", ["egress/one"], ["egress/one"]),
        ("a.b.example.org", "shop", ["egress/many"], ["egress/many"]),
        ("example.org", "shop", [], []),
        # IsServiceVisible in pilot/pkg/model/push_context.go
        ("hidden.example.com", "shop", ["egress/private"], []),
        ("hidden.example.com", "egress", ["egress/private"], ["egress/private"]),
        ("secret.vault.svc.cluster.local", "shop", ["vault/secret"], ["vault/secret"]),
        ("secret.vault.svc.cluster.local", "other", ["vault/secret"], []),
        ("secret", "vault", ["vault/secret"], ["vault/secret"]),
    ],
)
def test_a_host_names_services_and_entries(host, namespace, everybody, seen):
    mesh = build(_SHOP)
    assert names(mesh.hosts.named(host, namespace)) == everybody
    assert names(mesh.hosts.services(host, namespace)) == seen


@pytest.mark.parametrize(
    ("host", "answer", "near"),
    [
        ("reviews", Answer.YES, None),
        ("ratings.shop.svc.cluster.local", Answer.YES, None),
        ("a.example.org", Answer.YES, None),
        ("hidden.example.com", Answer.YES, None),
        # The namespace holds other services.
        ("payments", Answer.NO, None),
        ("revews", Answer.NO, "reviews"),
        ("reveiws.shop.svc.corp.local", Answer.NO, "reviews.shop.svc.corp.local"),
        # istiod takes a name with a dot literally.
        ("reviews.shop", Answer.NO, "reviews.shop.svc.cluster.local"),
        ("reviews.shop.svc", Answer.NO, "reviews.shop.svc.cluster.local"),
        # Of these the input holds nothing.
        ("reviews.elsewhere", Answer.NO, None),
        ("payments.elsewhere.svc.cluster.local", Answer.UNKNOWN, None),
        ("secrets.vault.svc.cluster.local", Answer.NO, "secret.vault.svc.cluster.local"),
        # ServiceEntries are visible in shop.
        ("www.example.com", Answer.NO, None),
        ("api.exmple.com", Answer.NO, "api.example.com"),
        # The control plane brings these.
        ("istio-ingressgateway.istio-system.svc.cluster.local", Answer.YES, None),
        ("istiod-canary.istio-system.svc.cluster.local", Answer.YES, None),
        ("kubernetes.default.svc.cluster.local", Answer.YES, None),
        # Not to be judged.
        ("${HOST}", Answer.UNKNOWN, None),
        ("reviews-${COLOUR}", Answer.UNKNOWN, None),
        ("*.nowhere.com", Answer.UNKNOWN, None),
        ("10.0.0.1", Answer.UNKNOWN, None),
        ("", Answer.UNKNOWN, None),
    ],
)
def test_following_a_host(host, answer, near):
    mesh = build(_SHOP + _route(host))
    outcome = mesh.hosts.resolve(host, named(mesh, "route"))
    assert (outcome.answer, outcome.near) == (answer, near)


def test_an_unknown_host_is_counted_once():
    mesh = build(_route("payments"))
    for _ in range(3):
        assert mesh.hosts.resolve("payments", named(mesh, "route")).answer is Answer.UNKNOWN
    assert mesh.unknown == {"Service": 1}


@pytest.mark.parametrize("host", ["payments", "pay.example.com", "reviews.shop.svc.cluster.local"])
def test_external_hosts_exist(host):
    external = External(hosts=("payments", "*.example.com"), namespaces=("shop",))
    mesh = build(_route(host, namespace="web"), external=external, scope=Scope.COMPLETE)
    assert mesh.hosts.resolve(host, named(mesh, "route")).answer is Answer.YES


def test_an_opaque_service_entry_may_have_any_host():
    opaque = "---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: o}\nspec: {hosts: 7}\n"
    mesh = build(_SHOP + opaque + _route("www.example.com"))
    assert mesh.hosts.resolve("www.example.com", named(mesh, "route")).answer is Answer.UNKNOWN


# GetDestinationHost in pkg/config/analysis/analyzers/util/hosts.go, as far as it is right offline.
@pytest.mark.parametrize(
    ("exports", "host", "scope", "hidden"),
    [
        # The clients of the route are known, and none of them sees the service.
        ("[web]", "secret.vault.svc.cluster.local", Scope.AUTO, ["vault/secret"]),
        ("[web]", "secret.vault.svc.cluster.local", Scope.COMPLETE, ["vault/secret"]),
        # Some do.
        ('[web, "."]', "secret.vault.svc.cluster.local", Scope.AUTO, None),
        ("[vault]", "secret.vault.svc.cluster.local", Scope.AUTO, None),
        # They may be anywhere, so there as well; under complete scope the own namespace counts.
        ('["*"]', "hidden.example.com", Scope.AUTO, None),
        ('["*"]', "hidden.example.com", Scope.COMPLETE, ["egress/private"]),
    ],
)
def test_a_service_that_no_client_of_the_route_sees_is_missing(exports, host, scope, hidden):
    route = _route(host).replace("hosts: [www.example.net]", f"hosts: [www.example.net], exportTo: {exports}")
    mesh = build(_SHOP + route, scope=scope)
    outcome = mesh.hosts.resolve(host, named(mesh, "route"))
    assert outcome.answer is (Answer.YES if hidden is None else Answer.NO)
    assert names(outcome.hidden) == (hidden or [])


def test_a_private_wildcard_of_another_namespace_covers_nothing_here():
    everything = """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: everything, namespace: egress}
spec: {hosts: ["*"], exportTo: ["."]}
"""
    mesh = build(_SHOP + everything + _route("payments"))
    assert mesh.hosts.resolve("payments", named(mesh, "route")).answer is Answer.NO
