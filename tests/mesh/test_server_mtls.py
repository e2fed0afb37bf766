"""The server side of mTLS, one test for each step of what Istio does.

Deciding: pilot/pkg/security/authn/policy_applier.go (ComposePeerAuthentication), pilot/pkg/model/authentication.go.
"""

import pytest
from mesh.building import build, named
from mesh.meshes import authentication, namespace, pod, service

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.mtls import Mode, Wire

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
STRICT, PERMISSIVE, DISABLE = Mode.STRICT, Mode.PERMISSIVE, Mode.DISABLE
WEB = namespace("shop") + pod("web")


def workload(mesh, name="web"):
    return mesh.workloads.of_resource(named(mesh, name, "Pod"))[0]


def mode(text: str, port: int | None = None, **context):
    mesh = build(WEB + text, **context)
    return mesh.mtls.server.of_workload(workload(mesh), port)


MESH_STRICT = authentication("mesh", "STRICT", "istio-system")
OWN = "{app: web}"


@pytest.mark.parametrize(
    ("text", "expected", "by"),
    [
        ("", PERMISSIVE, []),
        (MESH_STRICT, STRICT, ["mesh"]),
        (authentication("mesh", "DISABLE", "istio-system"), DISABLE, ["mesh"]),
        (authentication("mesh", "", "istio-system"), PERMISSIVE, []),
        (authentication("mesh", "UNSET", "istio-system"), PERMISSIVE, []),
        (authentication("mesh", "STRICT", "other"), PERMISSIVE, []),
        (MESH_STRICT + authentication("space", "PERMISSIVE"), PERMISSIVE, ["space"]),
        (MESH_STRICT + authentication("space", "UNSET"), STRICT, ["mesh"]),
        (MESH_STRICT + authentication("space"), STRICT, ["mesh"]),
        (MESH_STRICT + authentication("space", "DISABLE") + authentication("own", "STRICT", selector=OWN), STRICT, ["own"]),
        (MESH_STRICT + authentication("space", "DISABLE") + authentication("own", "UNSET", selector=OWN), DISABLE, ["space"]),
        (authentication("own", "STRICT", selector="{app: other}"), PERMISSIVE, []),
        (authentication("own", "STRICT", selector="{app: web, version: v1}"), PERMISSIVE, []),
        (authentication("space", "STRICT", selector="{}"), STRICT, ["space"]),
        (authentication("own", "STRICT", home="other", selector=OWN), PERMISSIVE, []),
    ],
)  # fmt: skip
def test_server_step_1_mesh_then_namespace_then_workload_each_unless_unset(text, expected, by):
    found = mode(text)
    assert found.mode is expected
    assert [policy.name for policy in found.policies] == by
    assert found.is_written is bool(by)
    assert found.rivals == ()


def test_server_step_1_a_selector_in_the_root_namespace_counts_nowhere():
    assert mode(authentication("root", "STRICT", "istio-system", selector=OWN)).mode is PERMISSIVE
    mesh = build(pod("web", home="istio-system") + authentication("root", "STRICT", "istio-system", selector=OWN))
    assert mesh.mtls.server.of_workload(workload(mesh)).mode is PERMISSIVE
    assert mesh.mtls.server.selecting(workload(mesh)) == ()


def test_server_step_1_the_root_namespace_is_a_setting():
    assert mode(authentication("mesh", "STRICT", "root"), mesh_config={"rootNamespace": "root"}).mode is STRICT
    assert mode(MESH_STRICT, mesh_config={"rootNamespace": "root"}).mode is PERMISSIVE


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", STRICT),
        ("2024-01-02T00:00:00Z", "2024-01-01T00:00:00Z", DISABLE),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", STRICT),
    ],
)
@pytest.mark.parametrize("selector", ["", OWN])
def test_server_step_1_the_oldest_of_a_scope_wins_where_the_ages_are_written(first, second, expected, selector):
    text = authentication("a", "STRICT", selector=selector, created=first)
    text += authentication("b", "DISABLE", selector=selector, created=second)
    assert mode(text).mode is expected


@pytest.mark.parametrize("selector", ["", OWN])
def test_server_step_1_without_an_age_two_of_a_scope_are_both_possible_and_named(selector):
    text = authentication("a", "STRICT", selector=selector)
    text += authentication("b", "DISABLE", selector=selector, created="2024-01-01T00:00:00Z")
    found = mode(text)
    assert found.mode is None
    assert {key: [policy.name for policy in policies] for key, policies in found.possible.items()} == {
        STRICT: ["a"],
        DISABLE: ["b"],
    }
    assert [policy.name for policy in found.rivals] == ["a", "b"]


def test_server_step_1_two_of_a_scope_that_say_the_same_leave_no_doubt():
    found = mode(authentication("a", "STRICT") + authentication("b", "STRICT"))
    assert found.mode is STRICT
    assert found.rivals == ()


def test_server_step_1_a_narrower_scope_ends_the_doubt_of_a_wider_one():
    doubt = authentication("a", "STRICT") + authentication("b", "DISABLE")
    assert mode(doubt + authentication("own", "PERMISSIVE", selector=OWN)).rivals == ()
    assert len(mode(doubt + authentication("own", "UNSET", selector=OWN)).rivals) == 2


def test_server_step_1_of_two_of_a_scope_one_may_be_unset():
    found = mode(MESH_STRICT + authentication("a", "UNSET") + authentication("b", "DISABLE"))
    assert set(found.possible) == {STRICT, DISABLE}


@pytest.mark.parametrize(
    ("text", "port", "expected", "by"),
    [
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {mode: PERMISSIVE}}"), 8080, PERMISSIVE, ["own"]),
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {mode: DISABLE}}"), 8080, DISABLE, ["own"]),
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {mode: DISABLE}}"), 9090, STRICT, ["own"]),
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {mode: DISABLE}}"), None, STRICT, ["own"]),
        (authentication("own", "STRICT", selector=OWN, ports="{80: {mode: DISABLE}}"), 8080, STRICT, ["own"]),
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {mode: UNSET}}"), 8080, STRICT, ["own"]),
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {}}"), 8080, STRICT, ["own"]),
        (MESH_STRICT + authentication("own", "", selector=OWN, ports="{8080: {mode: DISABLE}}"), 8080, DISABLE, ["own"]),
        (MESH_STRICT + authentication("own", "", selector=OWN, ports="{8080: {mode: DISABLE}}"), 9090, STRICT, ["mesh"]),
        # A policy of a wider scope has no ports
        (authentication("space", "STRICT", ports="{8080: {mode: DISABLE}}"), 8080, STRICT, ["space"]),
    ],
)  # fmt: skip
def test_server_step_2_ports_come_of_the_workloads_own_policy_by_container_port(text, port, expected, by):
    found = mode(text, port)
    assert found.mode is expected
    assert [policy.name for policy in found.policies] == by


def test_server_step_2_of_two_policies_only_one_has_its_ports():
    text = authentication("a", "STRICT", selector=OWN, ports="{8080: {mode: DISABLE}}")
    text += authentication("b", "STRICT", selector=OWN)
    assert mode(text).mode is STRICT
    found = mode(text, 8080)
    assert set(found.possible) == {STRICT, DISABLE}
    assert [policy.name for policy in found.rivals] == ["a", "b"]


def test_server_step_3_a_port_that_no_service_declares_has_its_mode_too():
    assert mode(authentication("own", "STRICT", selector=OWN, ports="{1: {mode: DISABLE}}"), 1).mode is DISABLE
    assert mode(MESH_STRICT, 65535).mode is STRICT


@pytest.mark.parametrize(
    ("spec", "annotations", "labels", "port", "expected"),
    [
        ("", "{}", "", 8080, YES),
        (", hostNetwork: true", "{}", "", 8080, NO),
        ("", "{}", 'sidecar.istio.io/inject: "false"', 8080, NO),
        ("", "{traffic.sidecar.istio.io/excludeInboundPorts: '8080'}", "", 8080, NO),
        ("", "{traffic.sidecar.istio.io/excludeInboundPorts: '8080'}", "", 9090, YES),
        ("", "{traffic.sidecar.istio.io/includeInboundPorts: '8080'}", "", 9090, NO),
        ("", "{}", "istio: ingressgateway", 8080, NO),
        ("", "{}", "", 15090, NO),
    ],
)
def test_server_step_4_nothing_is_enforced_where_no_proxy_sees_the_port(spec, annotations, labels, port, expected):
    mesh = build(namespace("shop") + pod("web", labels, spec=spec, annotations=annotations) + MESH_STRICT)
    assert mesh.mtls.enforces(workload(mesh), port) is expected
    assert mesh.mtls.accepts(workload(mesh), port, Wire.PLAIN) is (NO if expected is YES else YES)
    assert mesh.mtls.accepts(workload(mesh), port, Wire.MESH) is expected


def test_server_step_4_who_may_be_injected_elsewhere_is_unknown():
    mesh = build(pod("web") + MESH_STRICT)
    assert mesh.mtls.enforces(workload(mesh), 8080) is UNKNOWN
    assert mesh.mtls.accepts(workload(mesh), 8080, Wire.PLAIN) is UNKNOWN


ISTIOD = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec: {template: {spec: {containers: [{name: discovery, env: [{name: ENABLE_TLS_ON_SIDECAR_INGRESS, value: "%s"}]}]}}}
"""


@pytest.mark.parametrize(
    ("text", "expected", "complete"),
    [
        (ISTIOD % "true" + authentication("own", "DISABLE", selector=OWN), YES, YES),
        (ISTIOD % "true" + authentication("own", "STRICT", selector=OWN), NO, NO),
        (ISTIOD % "false" + authentication("own", "DISABLE", selector=OWN), NO, NO),
        (authentication("own", "DISABLE", selector=OWN), UNKNOWN, UNKNOWN),
        (authentication("own", "STRICT", selector=OWN), NO, NO),
    ],
)
def test_server_step_5_tls_of_a_sidecars_ingress_needs_a_feature_and_disable(text, expected, complete):
    mesh = build(WEB + text)
    assert mesh.mtls.honours_ingress_tls(workload(mesh), 8080) is expected
    mesh = build(WEB + text, scope=Scope.COMPLETE)
    assert mesh.mtls.honours_ingress_tls(workload(mesh), 8080) is complete


AMBIENT = namespace("shop", "{istio.io/dataplane-mode: ambient}") + pod("web")


@pytest.mark.parametrize(
    ("text", "expected", "plain"),
    [
        (MESH_STRICT, STRICT, NO),
        (authentication("own", "DISABLE", selector=OWN), PERMISSIVE, YES),
        (authentication("own", "STRICT", selector=OWN, ports="{8080: {mode: DISABLE}}"), PERMISSIVE, YES),
        (authentication("own", "PERMISSIVE", selector=OWN), PERMISSIVE, YES),
    ],
)
def test_server_step_6_in_ambient_mode_disable_is_not_strict_and_no_more(text, expected, plain):
    mesh = build(AMBIENT + text)
    assert mesh.mtls.server.of_workload(workload(mesh), 8080).mode is expected
    assert mesh.mtls.accepts(workload(mesh), 8080, Wire.PLAIN) is plain
    assert mesh.mtls.accepts(workload(mesh), 8080, Wire.MESH) is YES


@pytest.mark.parametrize(
    ("text", "plain", "mtls", "own_tls"),
    [
        (authentication("own", "STRICT", selector=OWN), NO, YES, NO),
        (authentication("own", "PERMISSIVE", selector=OWN), YES, YES, YES),
        (authentication("own", "DISABLE", selector=OWN), YES, NO, YES),
        ("", UNKNOWN, YES, UNKNOWN),
        (authentication("a", "STRICT") + authentication("b", "PERMISSIVE"), UNKNOWN, YES, UNKNOWN),
        (authentication("a", "STRICT").replace("STRICT}", "STRICT}\n  selector: 5"), UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_what_a_mode_takes(text, plain, mtls, own_tls):
    mesh = build(WEB + text)
    answers = [mesh.mtls.accepts(workload(mesh), 8080, wire) for wire in (Wire.PLAIN, Wire.MESH, Wire.OWN_TLS)]
    assert answers == [plain, mtls, own_tls]


def test_the_default_is_evidence_only_in_a_complete_input():
    mesh = build(WEB)
    assert mesh.mtls.enforces(workload(mesh), 8080) is UNKNOWN
    mesh = build(WEB, scope=Scope.COMPLETE)
    assert mesh.mtls.enforces(workload(mesh), 8080) is NO
    assert mesh.mtls.accepts(workload(mesh), 8080, Wire.PLAIN) is YES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MESH_STRICT, STRICT),
        (MESH_STRICT + authentication("space", "DISABLE"), DISABLE),
        (MESH_STRICT + authentication("space", "UNSET"), STRICT),
        (authentication("own", "STRICT", selector=OWN), PERMISSIVE),
    ],
)
def test_the_mode_of_a_namespace_is_what_clients_guess_by(text, expected):
    mesh = build(WEB + text)
    assert mesh.mtls.server.of_namespace("shop").mode is expected
    assert mesh.mtls.server.of_mesh.mode in {STRICT, PERMISSIVE}


def test_service_ports_lead_to_the_ports_that_policies_name():
    mesh = build(WEB + service("web"))
    assert {route.port.port: route.target for route in mesh.services.routes(workload(mesh))} == {80: 8080, 9090: 9090}
