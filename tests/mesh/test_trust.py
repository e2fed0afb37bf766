"""When a name that is not found may be called missing, and which resources are alternatives."""

import pytest
from mesh.building import build, named

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import External, Scope
from meshlint.mesh.nearness import Nearest, is_slip
from meshlint.mesh.placeholders import is_placeholder
from meshlint.mesh.trust import Sought


def _service(name: str, namespace: str | None = "shop", selector: str = "") -> str:
    where = f', namespace: "{namespace}"' if namespace else ""
    return f"""
---
apiVersion: v1
kind: Service
metadata: {{name: {name}{where}}}
spec: {{selector: {{app: {selector or name}}}}}
"""


def _route(to: str = "payments", hosts: str = "[cart]", namespace: str | None = "shop") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return f"""
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: route{where}}}
spec: {{hosts: {hosts}, http: [{{route: [{{destination: {{host: {to}}}}}]}}]}}
"""


def _custom(kind: str, name: str, api: str, spec: str = "{}") -> str:
    return f"""
---
apiVersion: {api}
kind: {kind}
metadata: {{name: {name}, namespace: shop}}
spec: {spec}
"""


class _Builds:
    """Builds that prefix names, put files into namespaces, or leave things out."""

    def __init__(self, prefix="", namespaces=(), incomplete=()):
        self.prefix, self.namespaces, self.partial = prefix, namespaces, incomplete

    def identities(self, path, namespace, name, kind):
        return {(target, self.prefix + name) for target in self.namespaces} or {(namespace, self.prefix + name)}

    def patched(self, path, namespace, name, kind):
        return frozenset()

    def incomplete(self, path):
        return path in self.partial


def _judged(files, to: str = "payments", **context) -> Answer:
    mesh = build(files=files, **context) if isinstance(files, dict) else build(files, **context)
    return mesh.hosts.resolve(to, named(mesh, "route")).answer


# --- Evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Nothing of the namespace is in the input.
        (_route(), Answer.UNKNOWN),
        (_service("other", "web") + _route(), Answer.UNKNOWN),
        # Only the referrer's own service is: a repository of one service.
        (_service("cart") + _route(), Answer.UNKNOWN),
        (_service("cart") + _service("cart-headless", selector="cart") + _route(), Answer.UNKNOWN),
        # A route at the edge names its own service as destination.
        (_service("payments-ui") + _route(hosts="[shop.example.com]"), Answer.UNKNOWN),
        # There are more.
        (_service("cart") + _service("login") + _route(), Answer.NO),
        (_service("login") + _service("search") + _route(hosts="[shop.example.com]"), Answer.NO),
        # A near miss is evidence by itself.
        (_service("paymnts") + _route(), Answer.NO),
    ],
)
def test_missing_needs_evidence(text, expected):
    assert _judged(text) is expected


_POPULATED = _service("cart") + _service("login") + _service("search")


@pytest.mark.parametrize(
    ("scope", "text", "expected"),
    [
        (Scope.COMPLETE, _route(), Answer.NO),
        (Scope.PARTIAL, _POPULATED + _route(), Answer.UNKNOWN),
        (Scope.AUTO, _POPULATED + _route(), Answer.NO),
    ],
)
def test_the_scope_decides(scope, text, expected):
    assert _judged(text, scope=scope) is expected


def test_a_missing_name_comes_with_the_one_meant():
    mesh = build(_service("payments") + _POPULATED + _route("paymetns"))
    assert mesh.hosts.resolve("paymetns", named(mesh, "route")).near == "payments"


# --- What stands against it ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "external",
    [External(hosts=("payments",)), External(hosts=("*.shop.svc.cluster.local",)), External(namespaces=("sh*",))],
)
def test_external_names_exist(external):
    assert _judged(_POPULATED + _route(), external=external) is Answer.YES


@pytest.mark.parametrize("name", ["${NAME}", "$(NAME)", "{{ .name }}", "<name>", "%NAME%", "__NAME__"])
def test_a_name_to_be_filled_in_is_not_judged(name):
    assert is_placeholder(name)
    mesh = build(_POPULATED + _route(), scope=Scope.COMPLETE)
    sought = Sought("Service", "shop", name, named(mesh, "route"))
    assert mesh.trust.absent(sought).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("maker", "expected"),
    [
        (_custom("Kafka", "payments", "kafka.strimzi.io/v1beta2"), Answer.UNKNOWN),
        (_custom("Gateway", "payments", "gateway.networking.k8s.io/v1"), Answer.UNKNOWN),
        (_custom("ServiceMonitor", "payments", "monitoring.coreos.com/v1"), Answer.NO),
        (_custom("Kafka", "pay", "kafka.strimzi.io/v1beta2"), Answer.NO),
        (_custom("Payments", "main", "shop.example.com/v1"), Answer.UNKNOWN),
        (_custom("HelmRelease", "redis", "helm.toolkit.fluxcd.io/v2"), Answer.UNKNOWN),
        (_custom("HelmRelease", "redis", "helm.toolkit.fluxcd.io/v2", "{targetNamespace: db}"), Answer.NO),
        (
            _custom("Application", "x", "argoproj.io/v1alpha1", "{source: {chart: c}, destination: {namespace: shop}}"),
            Answer.UNKNOWN,
        ),
        (
            _custom("Application", "x", "argoproj.io/v1alpha1", "{source: {path: p}, destination: {namespace: shop}}"),
            Answer.NO,
        ),
        (_custom("Application", "x", "argoproj.io/v1alpha1", "7"), Answer.NO),
    ],
)
def test_a_controller_may_make_what_is_not_written(maker, expected):
    assert _judged(_POPULATED + maker + _route("payments-bootstrap"), "payments-bootstrap") is expected


# --- Templates and builds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("templates", "expected"),
    [
        # A chart beside the manifests: the folder they share is the first that holds something readable.
        ("deploy/charts/shop/templates", Answer.UNKNOWN),
        ("deploy/charts/shop", Answer.UNKNOWN),
        ("deploy/chart/templates", Answer.UNKNOWN),
        ("deploy/manifests", Answer.UNKNOWN),
        ("deploy/manifests/more", Answer.UNKNOWN),
        ("templates", Answer.UNKNOWN),
        ("deploy", Answer.UNKNOWN),
        # A chart of somebody else.
        ("other/charts/x/templates", Answer.NO),
        ("other/charts/x/templates/deep", Answer.NO),
        # A template among readable files.
        ("other", Answer.NO),
    ],
)
def test_a_skipped_template_overshadows_what_lies_beside_it(templates, expected):
    files = {
        "deploy/manifests/services.yaml": _POPULATED,
        "deploy/manifests/route.yaml": _route(),
        "other/one.yaml": _service("one", "other"),
    }
    assert _judged(files, template_folders=(templates,)) is expected


def test_the_namespace_of_an_overshadowed_resource_is_overshadowed_everywhere():
    files = {"a/services.yaml": _POPULATED, "b/route.yaml": _route("payments.shop.svc.cluster.local", namespace="web")}
    host = "payments.shop.svc.cluster.local"
    assert _judged(files, host) is Answer.NO
    assert _judged(files, host, template_folders=("a/chart/templates",)) is Answer.UNKNOWN


def test_crds_of_a_chart_are_not_what_its_templates_are_deployed_with():
    files = {
        "deploy/charts/shop/crds/x.yaml": _service("x", "x"),
        "deploy/services.yaml": _POPULATED,
        "deploy/route.yaml": _route(),
    }
    assert _judged(files, template_folders=("deploy/charts/shop/templates",)) is Answer.UNKNOWN


def test_an_incomplete_build_overshadows_its_files_and_their_namespaces():
    files = {"a.yaml": _POPULATED, "b.yaml": _route()}
    assert _judged(files, builds=_Builds()) is Answer.NO
    assert _judged(files, builds=_Builds(incomplete=("a.yaml",))) is Answer.UNKNOWN
    assert _judged(files, builds=_Builds(incomplete=("b.yaml",))) is Answer.UNKNOWN


def test_a_reference_is_fine_if_it_resolves_in_one_build():
    text = _service("payments", None) + _service("cart", None) + _route(namespace=None)
    assert _judged(text, builds=_Builds(namespaces=("prod", "test"))) is Answer.YES


def test_a_name_that_a_build_replaces_may_be_replaced_in_the_reference_too():
    text = _POPULATED + _service("payments") + _route()
    assert _judged(text, builds=_Builds(prefix="eu-")) is Answer.UNKNOWN


# --- Namespaces that are not written ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The route may be applied to the namespace of the service,
        (_service("payments") + _service("a", None) + _service("b", None) + _route(namespace=None), Answer.UNKNOWN),
        # or the service to that of the route.
        (_service("payments", None) + _POPULATED + _route(), Answer.UNKNOWN),
        # Without namespaces everything lives together.
        (_service("payments", None) + _route(namespace=None), Answer.YES),
        (_service("a", None) + _service("b", None) + _service("cart", None) + _route(namespace=None), Answer.NO),
        # Services that may live anywhere say nothing about a namespace that is written.
        (_service("a", None) + _service("b", None) + _route(namespace="default"), Answer.UNKNOWN),
        (_service("payments", "${NS}") + _POPULATED + _route(), Answer.UNKNOWN),
    ],
)
def test_kubectl_may_bring_them_together(text, expected):
    assert _judged(text) is expected


def test_the_namespace_of_the_run_is_where_they_live():
    text = _service("payments", "shop") + _route(namespace=None)
    assert _judged(text, namespace="shop") is Answer.YES


# --- Near misses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant", "expected"),
    [
        ("payment", "payments", True),
        ("paymentss", "payments", True),
        ("paiments", "payments", True),
        ("paymetns", "payments", True),
        ("payments-v1", "payments-v2", False),
        ("shard0", "shard1", False),
        ("cart", "card", False),
        ("shop-web", "shop-app", False),
        ("shop-payment-db", "shop-payments-db", True),
        ("shoppayments", "shop-payments", True),
        ("payments", "payments-db", False),
        ("invoices", "payments", False),
        ("pyaemnts", "payments", False),
    ],
)
def test_a_slip_is_one_edit_in_a_longer_word(name, meant, expected):
    assert is_slip(name, meant) is expected
    assert Nearest([meant, "unrelated"]).of(name) == (meant if expected else None)


def test_two_names_that_may_be_meant_are_none():
    assert Nearest(["payments", "paymentz"]).of("payment") is None


# --- Variants -----------------------------------------------------------------------------------


def _conflict(files: dict[str, str], one: str = "a", other: str = "b") -> bool:
    mesh = build(files=files)
    return mesh.trust.may_conflict(named(mesh, one), named(mesh, other))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"x.yaml": _service("a") + _service("b")}, True),
        ({"x.yaml": _service("a"), "y.yaml": _service("b")}, True),
        ({"x.yaml": _service("a") + _service("v"), "y.yaml": _service("b") + _service("v")}, False),
        # Folders that hold variants are alternatives, whatever is in them.
        (
            {
                "p/x.yaml": _service("a"),
                "t/y.yaml": _service("b"),
                "p/1.yaml": _service("v"),
                "t/1.yaml": _service("v"),
            },
            False,
        ),
        (
            {
                "p/q/x.yaml": _service("a"),
                "t/y.yaml": _service("b"),
                "p/1.yaml": _service("v"),
                "t/z/1.yaml": _service("v"),
            },
            False,
        ),
        # Elsewhere they are not.
        (
            {
                "p/x.yaml": _service("a"),
                "t/y.yaml": _service("b"),
                "p/1.yaml": _service("v"),
                "u/1.yaml": _service("v"),
            },
            True,
        ),
        (
            {
                "p/x.yaml": _service("a"),
                "p/y.yaml": _service("b"),
                "p/1.yaml": _service("v"),
                "t/1.yaml": _service("v"),
            },
            True,
        ),
        # The same name in another namespace is another resource.
        ({"x.yaml": _service("a") + _service("v"), "y.yaml": _service("b") + _service("v", "web")}, True),
        # Twice in one source is no variant.
        ({"x.yaml": _service("a") + _service("v") + _service("v"), "y.yaml": _service("b")}, True),
    ],
)
def test_sources_and_folders_with_variants_are_alternatives(files, expected):
    assert _conflict(files) is expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"p/x.yaml": _service("a", None), "p/y.yaml": _service("b", "default")}, True),
        ({"p/x.yaml": _service("a", None), "t/y.yaml": _service("b", "default")}, True),
        # The folder holds something twice, so it is a collection: only one file of it is surely applied with itself.
        (
            {
                "p/x.yaml": _service("a", None),
                "p/y.yaml": _service("b", "default"),
                "p/1.yaml": _service("v"),
                "p/2.yaml": _service("v"),
            },
            False,
        ),
        (
            {
                "p/q/x.yaml": _service("a", None),
                "p/q/y.yaml": _service("b", "default"),
                "p/1.yaml": _service("v"),
                "p/2.yaml": _service("v"),
            },
            True,
        ),
        (
            {"x.yaml": _service("a", None) + _service("v"), "y.yaml": _service("v"), "z.yaml": _service("b", None)},
            False,
        ),
    ],
)
def test_what_may_live_anywhere_meets_what_is_at_home_with_it(files, expected):
    assert _conflict(files) is expected


def test_a_near_miss_under_one_identity_is_named():
    text = (
        _service("payments", "test")
        + _service("other", "prod")
        + _service("more", "prod")
        + _route("paymnts", namespace=None)
    )
    mesh = build(text, builds=_Anywhere())
    assert mesh.hosts.resolve("paymnts", named(mesh, "route")).near == "payments"


class _Anywhere(_Builds):
    """Builds that bring what has no namespace to two."""

    def identities(self, path, namespace, name, kind):
        return {(namespace, name)} if namespace else {("prod", name), ("test", name)}


def test_a_service_whose_name_is_to_be_filled_in_may_have_any():
    template = '---\napiVersion: v1\nkind: Service\nmetadata: {name: "${APP}", namespace: shop}\n'
    assert _judged(_POPULATED + template + _route()) is Answer.UNKNOWN


def test_an_external_namespace_is_not_one_that_is_asked_from():
    entry = """---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: e, namespace: shop}
spec: {hosts: [api.example.com]}
"""
    text = entry + _route("www.example.org")
    assert _judged(text, "www.example.org", external=External(namespaces=("shop",))) is Answer.NO
