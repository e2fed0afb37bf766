"""The pitfalls on the way to STRICT that users have reported, one by one: what the readiness report makes of each.

A pitfall that the report has no finding for has a reason instead. The last tests keep the list whole:
every step of Istio's decision has a test named after it, every check a case.
"""

import re

import pytest
from meshes import authentication, namespace, pod, rule, service
from readiness.checking import codes, judged, workload
from readiness.test_checks import AUTO, BARE, EARLY, PORT_OFF, SCRAPED, SHOP, WEB, caller, document, gateway, network
from support import ROOT

AMBIENT = namespace("shop", "{istio.io/dataplane-mode: ambient}") + pod("web") + service("web")
HEADLESS = service("web", "clusterIP: None")
WEBHOOK = document(
    "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: h}, webhooks:"
    " [{name: h.example, clientConfig: {service: {namespace: shop, name: web, port: 80}}}]}"
)
INGRESS = document(
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {ingressClassName: alb,"
    " defaultBackend: {service: {name: web, port: {number: 80}}}}}"
)
ALIAS = document(
    "{apiVersion: v1, kind: Service, metadata: {name: alias, namespace: shop}, spec: {type: ExternalName,"
    " externalName: web.shop.svc.cluster.local}}"
)
HIDING = document(
    "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: s, namespace: bank}, spec: {egress: [{hosts: ['./*']}]}}"
)
INGRESS_TLS = document(
    "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: s, namespace: shop}, spec: {ingress: [{port:"
    " {number: 8080, protocol: HTTPS, name: h}, defaultEndpoint: '127.0.0.1:8080', tls: {mode: SIMPLE}}]}}"
)
MACHINE = document(
    "{apiVersion: networking.istio.io/v1, kind: WorkloadGroup, metadata: {name: web, namespace: shop}, spec: {metadata: {labels:"
    " {app: web}}, template: {}}}"
) + document(
    "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: shop}, spec: {hosts: [web.example],"
    " ports: [{number: 443, name: tcp, protocol: TCP}], resolution: STATIC, location: %s, workloadSelector: {labels: {app: web}}}}"
)

FOUND = {
    1: (WEB + caller("old", "http://web", BARE), "web", {("R2", "blocker")}),
    4: (SHOP + pod("web") + pod("old", BARE).replace("app: old", "app: web") + HEADLESS, "web", {("R1", "blocker")}),
    5: (
        (SHOP + pod("web") + HEADLESS)
        .replace("kind: Pod", "kind: StatefulSet")
        .replace("apiVersion: v1\nkind: StatefulSet", "apiVersion: apps/v1\nkind: StatefulSet")
        .replace(
            "spec: {containers: [{name: main, image: x, ports: [{name: http, containerPort: 8080}]}]}",
            "spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: x,"
            " ports: [{name: http, containerPort: 8080}, {name: peers, containerPort: 7000}]}]}}}",
        ),
        "web",
        {("R11", "warning")},
    ),
    6: (
        SHOP
        + pod("web")
        + HEADLESS
        + caller("app", "http://web:80")
        + authentication("e", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}"),
        "web",
        {("R8", "exception"), ("R11", "blocker")},
    ),
    7: (SHOP + pod("web", annotations=SCRAPED) + service("web"), "web", {("R19", "warning")}),
    8: (
        SHOP
        + pod("web", annotations='{sidecar.istio.io/rewriteAppHTTPProbers: "false"}').replace(
            "image: x,", "image: x, livenessProbe: {httpGet: {port: 8080}},"
        )
        + service("web"),
        "web",
        {("R14", "blocker")},
    ),
    9: (
        WEB + caller("app", "http://x", variable="X").replace("containers:", f"{EARLY}, containers:"),
        "app",
        {("R15", "warning")},
    ),
    10: (
        WEB
        + document(
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {labels:"
            " {sidecar.istio.io/inject: 'false'}}, spec: {containers: [{name: j, image: x, args: ['http://web:80']}]}}}}"
        ),
        "web",
        {("R16", "blocker")},
    ),
    11: (WEB + WEBHOOK, "web", {("R17", "blocker")}),
    12: (AMBIENT + WEBHOOK, "web", {("R17", "blocker")}),
    13: (WEB + INGRESS, "web", {("R18", "unknown")}),
    14: (SHOP + pod("web") + service("web", "type: LoadBalancer"), "web", {("R18", "blocker")}),
    15: (
        WEB
        + namespace("flagger", "{istio-injection: disabled}")
        + caller("loadtester", "http://web.shop", home="flagger"),
        "web",
        {("R2", "blocker")},
    ),
    16: (WEB + rule("r", "web", "{tls: {mode: DISABLE}}"), "web", {("R3", "blocker")}),
    17: (
        WEB + namespace("bank") + caller("desk", "http://web.shop", home="bank") + HIDING,
        "web",
        {("R12", "blocker")},
    ),
    18: (
        SHOP + pod("web", annotations='{traffic.sidecar.istio.io/excludeInboundPorts: "8080"}') + service("web"),
        "web",
        {("R13", "exception"), ("R13", "warning")},
    ),
    19: (
        WEB + authentication("e", "STRICT", selector="{app: web}", ports="{80: {mode: PERMISSIVE}}"),
        "web",
        {("R7", "warning")},
    ),
    20: (
        WEB + authentication("e", "PERMISSIVE", home="istio-system", selector="{app: web}"),
        "",
        {("R7", "warning")},
    ),
    21: (WEB + ALIAS + caller("app", "http://alias"), "web", set()),
    22: (SHOP + MACHINE % "MESH_INTERNAL", "web", {("R10", "blocker")}),
    23: (WEB + gateway(AUTO) + PORT_OFF, "web", {("R8", "exception"), ("R21", "warning")}),
    24: (WEB + rule("r", "web", "{tls: {mode: SIMPLE}}"), "web", {("R3", "blocker")}),
    27: (
        SHOP + pod("web") + authentication("e", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}"),
        "web",
        {("R8", "exception")},
    ),
    29: (AMBIENT + network("net", 8080), "web", {("R23", "warning")}),
    32: (WEB + INGRESS_TLS, "web", {("R26", "blocker")}),
    34: (WEB + authentication("e", "PERMISSIVE", selector="{app: web}"), "web", {("R8", "exception")}),
}
"""By number: a mesh, the workload or scope, and what is said of it."""

SAID = {
    2: "a big bang: the report gives an order, and policies for each step (test_pitfall_2)",
    3: "clients that call pods by address are in no file: every report says so (test_pitfall_3)",
    25: "servers that speak first are sniffed before STRICT, not after; that their port says TCP is ML288 and ML602",
    26: "application TLS through PERMISSIVE is an error of releases that are no longer supported",
    28: "several STRICT ports in ambient mode are an error of istiod that was mended",
    30: "a gateway of another class that speaks plain text to its backends is an error that was mended",
    31: "what a Wasm module calls is in no file: the report names the plugin (test_pitfall_31)",
    33: "pods of a ServiceEntry without their inbound listeners are an error of istiod that was mended",
    35: "an application that starts before its proxy fails in PERMISSIVE as well: that is ML351's matter",
    36: "ports that no Service declares are STRICT today: the report lists them (test_pitfall_36)",
}


@pytest.mark.parametrize("number", FOUND)
def test_pitfall(number):
    text, name, expected = FOUND[number]
    assert codes(judged(text), name) == expected


def test_pitfall_2_namespaces_move_one_after_the_other_and_the_mesh_last():
    text = WEB + namespace("front") + caller("page", "http://web.shop", home="front")
    report = judged(text)
    assert [step.namespaces for step in report.steps] == [("front",), ("shop",)]
    assert report.mesh_policy is not None


def test_pitfall_3_calls_by_address_are_not_visible_and_that_is_said():
    report = judged(WEB + caller("app", "http://10.1.2.3:8080"))
    assert report.verdict.value == "ready"
    assert any("reach pods by address" in sentence for sentence in report.not_visible)


def test_pitfall_31_the_calls_of_wasm_are_not_visible_and_that_is_said():
    plugin = "{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {name: w, namespace: shop}, spec: {url: x}}"
    assert any("WasmPlugin `w`" in sentence for sentence in judged(WEB + document(plugin)).not_visible)


def test_pitfall_36_ports_that_no_service_declares_are_strict_too():
    ports = workload(judged(SHOP + pod("web")), "web").ports
    assert [(port.number, port.after) for port in ports] == [(8080, "STRICT")]


def test_every_pitfall_has_a_case_or_a_reason():
    assert sorted((*FOUND, *SAID)) == list(range(1, 37))


def _names(folder: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / folder).glob("test_*.py")))


@pytest.mark.parametrize(("side", "steps"), [("server", 6), ("client", 8)])
def test_every_step_of_istios_decision_has_a_test_named_after_it(side, steps):
    found = {int(number) for number in re.findall(rf"def test_{side}_step_(\d+)_", _names("mesh"))}
    assert found == set(range(1, steps + 1))


def test_every_check_has_a_case():
    found = {int(number) for number in re.findall(r"(?:\"R|def test_r)(\d+)(?=: |_)", _names("readiness"))}
    assert found == set(range(1, 27))
