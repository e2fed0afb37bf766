"""Who is injected: the webhooks' selectors (istio-discovery/templates/mutatingwebhook.yaml), pkg/kube/inject/inject.go
(injectRequired); who is ambient: cni/pkg/util/podutil.go (PodRedirectionEnabled)."""

import pytest
from mesh.building import build, named

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def mesh_of(labels="{}", annotations="{}", spec="containers: [{name: main, image: x}]", namespace=None, **more):
    """One Pod in the namespace `shop`, whose Namespace manifest has these labels (None: there is no manifest)."""
    head = f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {namespace}}}\n" if namespace else ""
    return build(
        f"{head}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: {more.pop('into', 'shop')}\n"
        f"  labels: {labels}\n  annotations: {annotations}\nspec: {{{spec}}}\n",
        **more,
    )


def pod(mesh):
    return mesh.workloads.of_resource(named(mesh, "p"))[0]


# namespace labels | pod labels | pod annotations | auto | complete
@pytest.mark.parametrize(
    ("namespace", "labels", "annotations", "auto", "complete"),
    [
        (None, "{}", "{}", UNKNOWN, NO),
        ("{}", "{}", "{}", UNKNOWN, NO),
        ("{istio-injection: enabled}", "{}", "{}", YES, YES),
        ("{istio-injection: disabled}", "{}", "{}", NO, NO),
        ("{istio-injection: 'true'}", "{}", "{}", NO, NO),
        ("{istio.io/rev: canary}", "{}", "{}", YES, YES),
        ("{istio.io/rev: canary, istio-injection: enabled}", "{}", "{}", YES, YES),
        ("{istio.io/rev: canary, istio-injection: disabled}", "{}", "{}", NO, NO),
        # The pod's label
        (None, '{sidecar.istio.io/inject: "true"}', "{}", YES, YES),
        ("{}", '{sidecar.istio.io/inject: "true"}', "{}", YES, YES),
        ("{istio-injection: disabled}", '{sidecar.istio.io/inject: "true"}', "{}", NO, NO),
        (None, '{sidecar.istio.io/inject: "false"}', "{}", NO, NO),
        ("{istio-injection: enabled}", '{sidecar.istio.io/inject: "false"}', "{}", NO, NO),
        ("{istio-injection: enabled}", '{sidecar.istio.io/inject: "no"}', "{}", NO, NO),
        ("{istio-injection: enabled}", '{sidecar.istio.io/inject: "yes"}', "{}", YES, YES),
        ("{istio-injection: enabled}", '{sidecar.istio.io/inject: ""}', "{}", YES, YES),
        ("{}", '{sidecar.istio.io/inject: "yes"}', "{}", UNKNOWN, NO),
        ("{istio.io/rev: canary}", '{sidecar.istio.io/inject: "false"}', "{}", NO, NO),
        # The revision on the pod
        (None, "{istio.io/rev: canary}", "{}", YES, YES),
        ("{istio-injection: disabled}", "{istio.io/rev: canary}", "{}", NO, NO),
        (None, '{istio.io/rev: canary, sidecar.istio.io/inject: "false"}', "{}", NO, NO),
        # The annotation is asked by the injector only, not by the webhook's selectors
        (None, "{}", '{sidecar.istio.io/inject: "false"}', NO, NO),
        ("{istio-injection: enabled}", "{}", '{sidecar.istio.io/inject: "false"}', NO, NO),
        (None, "{}", '{sidecar.istio.io/inject: "true"}', UNKNOWN, NO),
        ("{istio-injection: enabled}", "{}", '{sidecar.istio.io/inject: "true"}', YES, YES),
        ("{istio-injection: enabled}", '{sidecar.istio.io/inject: "true"}', '{sidecar.istio.io/inject: "false"}', YES, YES),
        ("{istio-injection: enabled}", '{sidecar.istio.io/inject: "false"}', '{sidecar.istio.io/inject: "true"}', NO, NO),
        # Injected by hand
        ("{istio-injection: disabled}", "{}", "{sidecar.istio.io/status: x}", YES, YES),
    ],
)  # fmt: skip
def test_labels_of_namespace_and_pod(namespace, labels, annotations, auto, complete):
    mesh = mesh_of(labels, annotations, namespace=namespace)
    assert mesh.injection.sidecar(pod(mesh)) is auto
    mesh = mesh_of(labels, annotations, namespace=namespace, scope=Scope.COMPLETE)
    assert mesh.injection.sidecar(pod(mesh)) is complete


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("containers: [{name: main}], hostNetwork: true", NO),
        ("containers: [{name: main}], hostNetwork: false", YES),
        ("containers: [{name: istio-proxy, image: 'istio/proxyv2:1.24'}], hostNetwork: true", YES),
        ("containers: [{name: main}], initContainers: [{name: istio-proxy, image: x, restartPolicy: Always}]", YES),
    ],
)
def test_the_pod_itself(spec, expected):
    mesh = mesh_of(spec=spec, namespace="{istio-injection: enabled}")
    assert mesh.injection.sidecar(pod(mesh)) is expected


@pytest.mark.parametrize("image", ["", ", image: auto"])
def test_a_proxy_container_without_an_image_of_its_own_waits_for_the_injector(image):
    mesh = mesh_of(spec=f"containers: [{{name: main}}, {{name: istio-proxy{image}}}]")
    assert mesh.injection.sidecar(pod(mesh)) is UNKNOWN


@pytest.mark.parametrize("namespace", ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"])
def test_the_namespaces_of_kubernetes_are_never_injected(namespace):
    mesh = mesh_of('{sidecar.istio.io/inject: "true"}', into=namespace)
    assert mesh.injection.sidecar(pod(mesh)) is NO
    assert mesh.injection.ambient(pod(mesh)) is NO


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{address: 10.0.0.1, serviceAccount: vm}", YES),
        ("{address: 10.0.0.1, serviceAccount: vm, labels: {security.istio.io/tlsMode: disabled}}", NO),
        ("{address: 10.0.0.1, labels: {security.istio.io/tlsMode: istio}}", YES),
        ("{address: 10.0.0.1}", UNKNOWN),
    ],
)
def test_a_machine_speaks_mtls_by_label_or_account(spec, expected):
    mesh = build(
        f"apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {{name: p, namespace: shop}}\nspec: {spec}"
    )
    assert mesh.injection.sidecar(pod(mesh)) is expected
    assert mesh.injection.ambient(pod(mesh)) is NO


def test_variants_of_a_namespace_that_differ_leave_it_unknown():
    other = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: disabled}}\n"
    mesh = build("", files={"a.yaml": other, "b.yaml": other.replace("disabled", "enabled") + POD})
    assert mesh.injection.sidecar(pod(mesh)) is UNKNOWN
    assert mesh.injection.injecting_namespace("shop") is UNKNOWN


POD = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {containers: [{name: main}]}\n"
OPERATOR = """---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: i}
spec: {values: {sidecarInjectorWebhook: {enableNamespacesByDefault: true}}}
"""


@pytest.mark.parametrize(
    ("labels", "expected"), [("{}", YES), ('{sidecar.istio.io/inject: "false"}', NO), ('{sidecar.istio.io/inject: "yes"}', NO)]
)  # fmt: skip
def test_namespaces_may_be_injected_by_default(labels, expected):
    text = OPERATOR + POD.replace("namespace: shop", f"namespace: shop, labels: {labels}")
    mesh = build(text, scope=Scope.COMPLETE)
    assert mesh.injection.sidecar(pod(mesh)) is expected


def test_the_policy_disabled_asks_each_pod_for_its_wish():
    operator = OPERATOR.replace(
        "sidecarInjectorWebhook: {enableNamespacesByDefault: true}", "global: {proxy: {autoInject: disabled}}"
    )
    space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n"
    mesh = build(operator + space + POD)
    assert mesh.injection.sidecar(pod(mesh)) is NO
    mesh = build(
        operator + space + POD.replace("{name: p,", '{name: p, annotations: {sidecar.istio.io/inject: "true"},')
    )
    assert mesh.injection.sidecar(pod(mesh)) is YES


@pytest.mark.parametrize(
    ("namespace", "labels", "reason", "by", "revision"),
    [
        ("{istio-injection: enabled}", "{}", "`istio-injection: enabled`", "shop", "default"),
        ("{istio.io/rev: canary}", "{}", "`istio.io/rev: canary`", "shop", "canary"),
        ("{istio-injection: disabled}", "{}", "the namespace's label `istio-injection: disabled`", "shop", None),
        ("{}", '{sidecar.istio.io/inject: "false"}', 'the label `sidecar.istio.io/inject: "false"`', "p", None),
        ("{}", "{istio.io/rev: canary}", "the label `istio.io/rev: canary`", "p", "canary"),
    ],
)
def test_the_reason_names_what_decides_and_where(namespace, labels, reason, by, revision):
    mesh = mesh_of(labels, namespace=namespace)
    state = mesh.injection.state(pod(mesh))
    assert (state.reason, state.decided_by.name, state.revision) == (reason, by, revision)
    assert mesh.injection.state(pod(mesh)) is state


# namespace labels | pod labels | spec | auto | complete
@pytest.mark.parametrize(
    ("namespace", "labels", "spec", "auto", "complete"),
    [
        (None, "{}", "", UNKNOWN, NO),
        ("{}", "{}", "", UNKNOWN, NO),
        ("{istio.io/dataplane-mode: ambient}", "{}", "", YES, YES),
        ("{istio.io/dataplane-mode: none}", "{}", "", NO, NO),
        ("{istio.io/dataplane-mode: ambient}", "{istio.io/dataplane-mode: none}", "", NO, NO),
        ("{istio.io/dataplane-mode: none}", "{istio.io/dataplane-mode: ambient}", "", YES, YES),
        (None, "{istio.io/dataplane-mode: ambient}", "", YES, YES),
        ("{istio.io/dataplane-mode: ambient}", "{}", ", hostNetwork: true", NO, NO),
        ("{istio.io/dataplane-mode: ambient, istio-injection: enabled}", "{}", "", NO, NO),
        ("{istio.io/dataplane-mode: ambient}", "{gateway.networking.k8s.io/gateway-name: gw}", "", NO, NO),
    ],
)
def test_ambient(namespace, labels, spec, auto, complete):
    spec = f"containers: [{{name: main}}]{spec}"
    mesh = mesh_of(labels, spec=spec, namespace=namespace)
    assert mesh.injection.ambient(pod(mesh)) is auto
    mesh = mesh_of(labels, spec=spec, namespace=namespace, scope=Scope.COMPLETE)
    assert mesh.injection.ambient(pod(mesh)) is complete


@pytest.mark.parametrize(
    ("labels", "annotations", "spec", "expected"),
    [
        ("{istio: ingressgateway}", "{}", "containers: [{name: istio-proxy, image: auto}]", YES),
        ("{istio: egressgateway}", "{}", "containers: [{name: istio-proxy, image: auto}]", YES),
        ("{gateway.networking.k8s.io/gateway-name: gw}", "{}", "containers: [{name: istio-proxy}]", YES),
        ("{app: gw}", "{inject.istio.io/templates: gateway}", "containers: [{name: istio-proxy, image: auto}]", YES),
        ("{app: gw}", "{inject.istio.io/templates: 'sidecar, gateway'}", "containers: []", YES),
        ("{app: gw}", "{}", "containers: [{name: istio-proxy, image: x, args: [proxy, router]}]", YES),
        ("{app: gw}", "{}", "containers: [{name: istio-proxy, image: x, args: [proxy, sidecar]}, {name: main}]", NO),
        ("{app: a}", "{}", "containers: [{name: main}]", NO),
        ("{istio: pilot}", "{}", "containers: [{name: discovery}]", NO),
        ("{app: gw}", "{}", "containers: [{name: istio-proxy, image: auto}]", UNKNOWN),
    ],
)
def test_gateways(labels, annotations, spec, expected):
    mesh = mesh_of(labels, annotations, spec)
    assert mesh.injection.gateway(pod(mesh)) is expected


@pytest.mark.parametrize(
    ("namespace", "labels", "expected"),
    [
        ("{istio-injection: enabled}", "{}", YES),
        ("{istio.io/dataplane-mode: ambient}", "{}", YES),
        ("{istio-injection: disabled, istio.io/dataplane-mode: none}", "{}", NO),
        ("{istio-injection: disabled}", "{}", NO),
        (None, '{sidecar.istio.io/inject: "false"}', NO),
        (None, "{}", UNKNOWN),
        (None, '{sidecar.istio.io/inject: "false", istio.io/dataplane-mode: none}', NO),
        ("{istio-injection: disabled}", "{istio: ingressgateway}", YES),
    ],
)
def test_in_the_mesh_is_who_speaks_mtls_in_any_way(namespace, labels, expected):
    mesh = mesh_of(labels, namespace=namespace)
    assert mesh.injection.in_mesh(pod(mesh)) is expected
    assert (pod(mesh) in mesh.injection.outside) is (expected is NO)


def test_where_ambient_is_in_use_a_pod_without_sidecar_may_be_ambient():
    mesh = build(f"""
apiVersion: v1
kind: Namespace
metadata: {{name: bank, labels: {{istio.io/dataplane-mode: ambient}}}}
{POD.replace("namespace: shop", 'namespace: shop, labels: {sidecar.istio.io/inject: "false"}')}""")
    assert mesh.injection.sidecar(pod(mesh)) is NO
    assert mesh.injection.in_mesh(pod(mesh)) is UNKNOWN


def test_istio_itself_and_its_waypoints_are_known():
    mesh = mesh_of("{app: istiod}")
    assert mesh.injection.control_plane(pod(mesh))
    mesh = mesh_of("{gateway.istio.io/managed: istio.io-mesh-controller}")
    assert mesh.injection.waypoint(pod(mesh))
    mesh = mesh_of("{app: shop}")
    assert not mesh.injection.control_plane(pod(mesh))
    assert not mesh.injection.waypoint(pod(mesh))
