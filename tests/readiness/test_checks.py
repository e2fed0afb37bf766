"""The checks of the readiness report, each by what it needs and by its near misses."""

import pytest
from building import build
from meshes import authentication, namespace, pod, rule, service
from readiness.checking import codes, judged, workload

from meshlint.mesh.context import Scope

SHOP = namespace("shop")
BARE = 'sidecar.istio.io/inject: "false"'
WEB = SHOP + pod("web") + service("web")


def container(text: str) -> str:
    """A pod's further fields that end the list of containers' own: a second container."""
    return f", initContainers: [{text}]"


def caller(name: str, value: str, labels: str = "", home: str = "shop", variable: str = "UPSTREAM_URL") -> str:
    return f"""---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {home}, labels: {{app: {name}{labels and ", " + labels}}}}}
spec: {{containers: [{{name: main, image: x, env: [{{name: {variable}, value: {value!r}}}]}}]}}
"""


def document(text: str) -> str:
    return "---\n" + text.strip() + "\n"


EARLY = "initContainers: [{name: wait, image: x, args: ['http://web:80']}]"
SCRAPED = "{prometheus.istio.io/merge-metrics: 'false', prometheus.io/scrape: 'true', prometheus.io/port: '8080'}"

CASES = {
    # R1
    "R1: a headless service with one bare endpoint": (
        SHOP + pod("web") + pod("old", BARE).replace("app: old", "app: web") + service("web", "clusterIP: None"),
        "web",
        {("R1", "blocker")},
    ),
    "R1: with load balancing each endpoint is asked by itself": (
        SHOP + pod("web") + pod("old", BARE).replace("app: old", "app: web") + service("web"),
        "web",
        {("R1", "warning")},
    ),
    # R2
    "R2: a client without sidecar by a variable": (
        WEB + caller("old", "http://web/x", BARE),
        "web",
        {("R2", "blocker")},
    ),
    "R2: ... by a ConfigMap that it mounts": (
        WEB
        + pod("old", BARE, spec=", volumes: [{name: c, configMap: {name: conf}}]")
        + document(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {a.yaml: 'up: web:80'}}"
        ),
        "web",
        {("R2", "blocker")},
    ),
    "R2: of a ConfigMap that several read nobody knows who calls": (
        WEB
        + pod("old", BARE, spec=", volumes: [{name: c, configMap: {name: conf}}]")
        + pod("new", spec=", volumes: [{name: c, configMap: {name: conf}}]")
        + document(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {a.yaml: 'up: web:80'}}"
        ),
        "web",
        {("R2", "unknown")},
    ),
    "R2: a comment of a ConfigMap is no call": (
        WEB
        + pod("old", BARE, spec=", volumes: [{name: c, configMap: {name: conf}}]")
        + document(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: shop}, data: {a.yaml: '# web:80'}}"
        ),
        "web",
        set(),
    ),
    "R2: an origin that may ask is no call": (
        WEB + caller("old", "http://web", BARE, variable="ALLOWED_ORIGINS"),
        "web",
        set(),
    ),
    "R2: a client with a sidecar": (WEB + caller("new", "http://web/x"), "web", set()),
    "R2: a client of which no file tells": (
        WEB + caller("far", "http://web.shop", home="bank"),
        "web",
        {("R2", "unknown")},
    ),
    "R2: another service is called": (
        WEB + pod("two") + service("two") + caller("old", "http://two", BARE),
        "web",
        set(),
    ),
    "R2: the port is an exception": (
        WEB
        + caller("old", "http://web", BARE)
        + authentication("e", "", selector="{app: web}", ports="{8080: {mode: PERMISSIVE}}"),
        "web",
        {("R8", "exception")},
    ),
    "R2: a NetworkPolicy names the client": (
        WEB
        + pod("old", BARE)
        + document(
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: net, namespace: shop}, spec: {podSelector:"
            " {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: old}}}], ports: [{port: 8080}]}]}}"
        ),
        "web",
        {("R2", "blocker")},
    ),
    "R2: a NetworkPolicy that lets the whole namespace in names nobody": (
        WEB
        + pod("old", BARE)
        + document(
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: net, namespace: shop}, spec: {podSelector:"
            " {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}}"
        ),
        "web",
        set(),
    ),
    # R3, R4
    "R3: DISABLE": (WEB + rule("r", "web", "{tls: {mode: DISABLE}}"), "web", {("R3", "blocker")}),
    "R3: SIMPLE": (WEB + rule("r", "web", "{tls: {mode: SIMPLE}}"), "web", {("R3", "blocker")}),
    "R3: tls without a mode": (WEB + rule("r", "web", "{tls: {sni: x}}"), "web", {("R3", "blocker")}),
    "R3: of a subset": (
        WEB + rule("r", "web", "{}", more="subsets: [{name: v1, trafficPolicy: {tls: {mode: DISABLE}}}]"),
        "web",
        {("R3", "blocker")},
    ),
    "R3: of a namespace's wildcard": (
        WEB + rule("r", "'*.shop.svc.cluster.local'", "{tls: {mode: DISABLE}}"),
        "web",
        {("R3", "blocker")},
    ),
    "R3: a wildcard for all, of a namespace: said once": (
        WEB
        + namespace("bank")
        + pod("till", home="bank")
        + rule("r", "'*.local'", "{tls: {mode: DISABLE}}", home="bank"),
        "",
        {("R3", "blocker")},
    ),
    "R3: a wildcard for all, of a namespace without proxies": (
        WEB
        + namespace("bank", "{istio-injection: disabled}")
        + pod("till", home="bank")
        + rule("r", "'*.local'", "{tls: {mode: DISABLE}}", home="bank"),
        "",
        set(),
    ),
    "R3: a wildcard for hosts outside of the cluster": (
        WEB + rule("r", "'*.example.com'", "{tls: {mode: SIMPLE}}"),
        "",
        set(),
    ),
    "R3: a wildcard for all, of the root namespace": (
        WEB + rule("r", "'*.local'", "{tls: {mode: DISABLE}}", home="istio-system"),
        "web",
        {("R3", "blocker")},
    ),
    "R3: of another namespace's clients": (
        WEB + rule("r", "web.shop.svc.cluster.local", "{tls: {mode: DISABLE}}", home="bank"),
        "web",
        {("R3", "blocker")},
    ),
    "R3: ISTIO_MUTUAL is what STRICT wants": (WEB + rule("r", "web", "{tls: {mode: ISTIO_MUTUAL}}"), "web", set()),
    "R4: an entry without tls loses ISTIO_MUTUAL, which auto mTLS makes good": (
        WEB + rule("r", "web", "{tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}}]}"),
        "web",
        set(),
    ),
    # R6
    "R6: ISTIO_MUTUAL to pods without a proxy": (
        SHOP + pod("web", BARE) + service("web") + rule("r", "web", "{tls: {mode: ISTIO_MUTUAL}}"),
        "web",
        {("R6", "blocker"), ("R2", "exception")},
    ),
    # R7, R8
    "R7: the key is the Service's port": (
        WEB + authentication("e", "STRICT", selector="{app: web}", ports="{80: {mode: PERMISSIVE}}"),
        "web",
        {("R7", "warning")},
    ),
    "R7: two policies pick a workload": (
        WEB
        + authentication("a", "STRICT", selector="{app: web}")
        + authentication("b", "DISABLE", selector="{app: web}"),
        "web",
        {("R7", "unknown")},
    ),
    "R7: the older of two is known": (
        WEB
        + authentication("a", "STRICT", selector="{app: web}", created="2024-01-01T00:00:00Z")
        + authentication("b", "DISABLE", selector="{app: web}", created="2025-01-01T00:00:00Z"),
        "web",
        set(),
    ),
    "R8: a workload stays PERMISSIVE": (
        WEB + authentication("e", "PERMISSIVE", selector="{app: web}"),
        "web",
        {("R8", "exception")},
    ),
    "R8: what a namespace says is what the plan changes": (WEB + authentication("d", "PERMISSIVE"), "web", set()),
    # R9, R10, R11
    "R10: the machines of a group have a proxy, but no identity": (
        SHOP
        + document(
            "{apiVersion: networking.istio.io/v1, kind: WorkloadGroup, metadata: {name: vm, namespace: shop}, spec:"
            " {metadata: {labels: {app: vm}}, template: {ports: {http: 8080}}}}"
        )
        + document(
            "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: vm, namespace: shop}, spec: {hosts: [vm.x],"
            " location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], workloadSelector:"
            " {labels: {app: vm}}}}"
        ),
        "vm",
        {("R10", "blocker")},
    ),
    "R9: an entry for a host of the cluster": (
        WEB
        + document(
            "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: far, namespace: bank}, spec: {hosts:"
            " [far.shop.svc.cluster.local], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}}"
        ),
        "shop",
        {("R9", "warning")},
    ),
    "R11: clients of a headless service do not see the exception of a port": (
        SHOP
        + pod("web")
        + service("web", "clusterIP: None")
        + authentication("e", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}"),
        "web",
        {("R8", "exception"), ("R11", "warning")},
    ),
    "R2: through an alias": (
        WEB
        + document(
            "{apiVersion: v1, kind: Service, metadata: {name: alias, namespace: shop}, spec: {type: ExternalName, externalName:"
            " web.shop.svc.cluster.local}}"
        )
        + caller("old", "http://alias/x", BARE),
        "web",
        {("R2", "blocker")},
    ),
    # R12, R13
    "R12: a Sidecar that does not import the service": (
        WEB
        + namespace("bank")
        + caller("desk", "http://web.shop", home="bank")
        + document(
            "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: s, namespace: bank},"
            " spec: {egress: [{hosts: ['./*']}]}}"
        ),
        "web",
        {("R12", "blocker")},
    ),
    "R13: a port that the client keeps from its proxy": (
        WEB
        + caller("new", "http://web").replace(
            "labels:", "annotations: {traffic.sidecar.istio.io/excludeOutboundPorts: '80'}, labels:"
        ),
        "web",
        {("R13", "blocker")},
    ),
    "R13: a port that the server keeps from its proxy": (
        SHOP + pod("web", annotations='{traffic.sidecar.istio.io/excludeInboundPorts: "8080,9090"}') + service("web"),
        "web",
        {("R13", "exception"), ("R13", "warning")},
    ),
    # R16
    "R16: a job": (
        WEB
        + document(
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {labels:"
            " {sidecar.istio.io/inject: 'false'}}, spec: {containers: [{name: j, image: x, args: ['http://web:80']}]}}}}"
        ),
        "web",
        {("R16", "blocker")},
    ),
    # R17, R18
    "R17: an aggregated API": (
        WEB
        + document(
            "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.x}, spec: {group: x, version: v1,"
            " groupPriorityMinimum: 1, versionPriority: 1, service: {name: web, namespace: shop, port: 80}}}"
        ),
        "web",
        {("R17", "blocker")},
    ),
    "R17: a conversion webhook": (
        WEB
        + document(
            "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: xs.x.example}, spec: {conversion:"
            " {strategy: Webhook, webhook: {clientConfig: {service: {name: web, namespace: shop, port: 80}}}}}}"
        ),
        "web",
        {("R17", "blocker")},
    ),
    "R17: a webhook of another port": (
        WEB
        + document(
            "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.x}, spec: {group: x, version: v1,"
            " groupPriorityMinimum: 1, versionPriority: 1, service: {name: web, namespace: shop}}}"
        ),
        "web",
        set(),
    ),
    "R18: a LoadBalancer": (SHOP + pod("web") + service("web", "type: LoadBalancer"), "web", {("R18", "blocker")}),
    "R18: a NodePort": (SHOP + pod("web") + service("web", "type: NodePort"), "web", {("R18", "warning")}),
    "R18: the LoadBalancer of a gateway is its trade": (
        SHOP
        + pod("web", "istio: ingressgateway", annotations="{inject.istio.io/templates: gateway}")
        + service("web", "type: LoadBalancer"),
        "web",
        set(),
    ),
    # R14
    "R14: a check that is not rewritten": (
        SHOP
        + pod("web", annotations='{sidecar.istio.io/rewriteAppHTTPProbers: "false"}').replace(
            "image: x,", "image: x, livenessProbe: {httpGet: {port: http}},"
        )
        + service("web"),
        "web",
        {("R14", "blocker")},
    ),
    "R14: a TCP check passes": (
        SHOP
        + pod("web", annotations='{sidecar.istio.io/rewriteAppHTTPProbers: "false"}').replace(
            "image: x,", "image: x, livenessProbe: {tcpSocket: {port: 8080}},"
        )
        + service("web"),
        "web",
        set(),
    ),
    "R14: checks are rewritten by default": (
        SHOP + pod("web").replace("image: x,", "image: x, livenessProbe: {httpGet: {port: http}},") + service("web"),
        "web",
        set(),
    ),
    # R4, R15, R19, R20, R24
    "R4: an entry without tls loses DISABLE for the cluster, but not for its endpoints": (
        WEB + rule("r", "web", "{tls: {mode: DISABLE}, portLevelSettings: [{port: {number: 80}, connectionPool: {}}]}"),
        "web",
        {("R3", "blocker")},
    ),
    "R15: an init container calls before the proxy runs": (
        WEB + caller("app", "http://x", variable="X").replace("containers:", f"{EARLY}, containers:"),
        "app",
        {("R15", "warning")},
    ),
    "R15: ... as the proxy's own user, past which its rules lead": (
        WEB
        + caller("app", "http://x", variable="X").replace(
            "containers:", EARLY.replace("image: x", "image: x, securityContext: {runAsUser: 1337}") + ", containers:"
        ),
        "app",
        set(),
    ),
    "R19: a port that Prometheus scrapes by itself": (
        SHOP + pod("web", annotations=SCRAPED) + service("web"),
        "web",
        {("R19", "warning")},
    ),
    "R19: metrics are merged by default": (
        SHOP
        + pod("web", annotations=SCRAPED.replace("prometheus.istio.io/merge-metrics: 'false', ", ""))
        + service("web"),
        "web",
        set(),
    ),
    "R20: a port that a headless service does not declare": (
        SHOP
        + pod("web")
        + service("web", "clusterIP: None").replace("port: 80,", "port: 81,")
        + caller("app", "web:8080"),
        "web",
        {("R20", "blocker")},
    ),
    "R24: names that are not those of the server": (
        WEB
        + rule("r", "web", "{tls: {mode: ISTIO_MUTUAL, subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/other']}}"),
        "web",
        {("R24", "warning")},
    ),
    "R24: names that are": (
        WEB
        + rule(
            "r", "web", "{tls: {mode: ISTIO_MUTUAL, subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/default']}}"
        ),
        "web",
        set(),
    ),
    # R26
    "R26: tls of a Sidecar's listener": (
        WEB
        + document(
            "{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: s, namespace: shop}, spec: {ingress:"
            " [{port: {number: 8080, protocol: HTTPS, name: h}, defaultEndpoint: '127.0.0.1:8080', tls: {mode: SIMPLE}}]}}"
        ),
        "web",
        {("R26", "blocker")},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_check(case):
    text, name, expected = CASES[case]
    assert codes(judged(text), name) == expected


def network(name: str, port: int, app: str = "web") -> str:
    return document(
        f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: shop}}, spec: {{podSelector:"
        f" {{matchLabels: {{app: {app}}}}}, ingress: [{{ports: [{{port: {port}}}]}}]}}}}"
    )


def test_r23_one_of_the_policies_of_an_ambient_workload_has_to_let_ztunnel_in():
    ambient = namespace("shop", "{istio.io/dataplane-mode: ambient}") + pod("web") + service("web")
    assert codes(judged(ambient + network("app", 8080)), "web") == {("R23", "warning")}
    assert codes(judged(ambient + network("app", 8080) + network("hbone", 15008)), "web") == set()
    assert codes(judged(ambient + network("app", 8080, "till")), "web") == set()
    assert codes(judged(WEB + network("app", 8080)), "web") == set()


def gateway(mode: str, hosts: str = "'*.local'", protocol: str = "TLS") -> str:
    return document(
        "{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: cross, namespace: shop}, spec: {selector: {istio:"
        f" eastwest}}, servers: [{{port: {{number: 15443, name: tls, protocol: {protocol}}}, hosts: [{hosts}], tls: {{{mode}}}}}]}}}}"
    )


AUTO = "mode: AUTO_PASSTHROUGH"
PORT_OFF = authentication("plain", "", selector="{app: web}", ports="{8080: {mode: DISABLE}}")
DROPPED = {("R8", "exception"), ("R21", "warning")}


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (gateway(AUTO), {("R21", "note")}),
        (gateway("mode: PASSTHROUGH", "shop.example"), {("R21", "note")}),
        (gateway("minProtocolVersion: TLSV1_2", "shop.example", "HTTPS"), {("R21", "note")}),
        (gateway("httpsRedirect: true", "shop.example", "HTTP"), set()),
        (gateway("mode: SIMPLE, credentialName: c", "shop.example"), set()),
    ],
)
def test_r21_a_gateway_that_passes_tls_through_needs_nothing(server, expected):
    report = judged(WEB + server)
    assert (codes(report, "shop"), codes(report, "web")) == (expected, set())
    assert report.verdict.value == "ready"


def test_r21_of_a_namespace_that_the_report_does_not_show_is_said_of_the_mesh():
    far = gateway(AUTO).replace("namespace: shop", "namespace: istio-system")
    assert codes(judged(WEB + far), "") == {("R21", "note")}


@pytest.mark.parametrize(
    "more",
    [
        gateway(AUTO) + PORT_OFF,
        gateway(AUTO) + authentication("plain", "DISABLE", selector="{app: web}"),
        gateway(AUTO, "web.shop.svc.cluster.local") + PORT_OFF,
        gateway(AUTO, "'*/*.local'") + PORT_OFF,
        gateway(AUTO) + PORT_OFF + rule("web", "web", "{loadBalancer: {simple: RANDOM}}"),
    ],
)
def test_r21_auto_passthrough_leaves_out_what_stays_disabled(more):
    report = judged(WEB + more)
    assert codes(report, "web") == DROPPED
    assert report.verdict.value == "ready with exceptions"  # it is so before STRICT as well
    reason = next(item for item in workload(report, "web").reasons if item.check == "R21")
    assert "8080" in reason.message
    assert ("9090" in reason.message) == (PORT_OFF not in more)


@pytest.mark.parametrize(
    "more",
    [
        gateway("mode: PASSTHROUGH") + PORT_OFF,
        gateway(AUTO, "'*.bank.svc.cluster.local'") + PORT_OFF,
        gateway(AUTO) + PORT_OFF.replace("DISABLE", "PERMISSIVE"),
        gateway(AUTO) + authentication("plain", "DISABLE"),  # of the namespace: it goes when the mesh is STRICT
        gateway(AUTO) + authentication("plain", "", selector="{app: web}", ports="{7070: {mode: DISABLE}}"),
        gateway(AUTO) + authentication("plain", "DISABLE", selector="{app: web}") + pod("web", BARE),
        gateway(AUTO) + PORT_OFF + rule("web", "web", "{tls: {mode: ISTIO_MUTUAL}}"),
        gateway(AUTO)
        + PORT_OFF
        + rule("web", "web", "{tls: {mode: ISTIO_MUTUAL}}", more="workloadSelector: {matchLabels: {a: b}}"),
        gateway(AUTO).replace("namespace: shop", "namespace: edge")
        + PORT_OFF
        + document(
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, annotations:"
            " {networking.istio.io/exportTo: .}}, spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}}"
        ),
    ],
)
def test_r21_what_auto_passthrough_does_not_leave_out(more):
    head = WEB
    if BARE in more:
        head = SHOP + service("web")
    elif "exportTo" in more:
        head = SHOP + pod("web")
    assert ("R21", "warning") not in codes(judged(head + more), "web")


def test_r5_without_auto_mtls_every_service_needs_a_rule():
    config = {"enableAutoMtls": False}
    assert codes(judged(WEB, mesh_config=config), "web") == {("R5", "blocker")}
    covered = WEB + rule("all", "'*.local'", "{tls: {mode: ISTIO_MUTUAL}}", home="istio-system")
    assert codes(judged(covered, mesh_config=config), "web") == set()
    lost = covered + rule("web", "web", "{loadBalancer: {simple: RANDOM}}")
    assert codes(judged(lost, mesh_config=config), "web") == {("R5", "blocker")}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{action: DENY, rules: [{from: [{source: {namespaces: [bank]}}]}]}", {("R22", "note")}),
        ("{action: DENY, rules: [{from: [{source: {serviceAccounts: [bank/a]}}]}]}", {("R22", "note")}),
        ("{rules: [{from: [{source: {notServiceAccounts: [bank/a]}}]}]}", {("R22", "note")}),
        ("{rules: [{from: [{source: {notNamespaces: [bank], ipBlocks: [10.0.0.0/8]}}]}]}", set()),
        ("{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/default]}}]}]}", set()),
    ],
)
def test_r22_rules_by_identity_that_plain_text_goes_past_before_strict(spec, expected):
    policy = document(
        f"{{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {{name: a, namespace: shop}}, spec: {spec}}}"
    )
    assert codes(judged(WEB + policy), "shop") == expected
    assert codes(judged(WEB + policy + authentication("d", "STRICT")), "shop") == set()


def test_an_unlabelled_namespace_is_unknown_and_no_in_a_whole_mesh():
    text = pod("web") + service("web")
    assert judged(text).verdict.value == "unknown"
    report = judged(text, scope=Scope.COMPLETE)
    assert (report.verdict.value, workload(report, "web").data_plane.value) == ("ready with exceptions", "none")


@pytest.mark.parametrize(
    ("label", "globs", "plane"),
    [
        ("{}", ("shop",), "sidecar"),
        ("{}", ("sh*",), "sidecar"),
        ("{}", ("bank",), "unknown"),
        ("{istio-injection: disabled}", ("*",), "none"),
    ],
)
def test_the_user_may_say_that_a_namespace_is_injected(label, globs, plane):
    text = namespace("shop", label) + pod("web") + service("web")
    assert workload(judged(text, injected=globs), "web").data_plane.value == plane
    if label == "{}":
        assert workload(judged(pod("web") + service("web"), injected=globs), "web").data_plane.value == plane


def test_only_limits_the_report_and_its_verdict():
    text = WEB + namespace("bank") + pod("till", home="bank") + service("till", home="bank")
    text += rule("r", "web", "{tls: {mode: DISABLE}}")
    assert judged(text).verdict.value == "not ready"
    assert judged(text, ("bank",)).verdict.value == "ready"
    assert [scope.namespace for scope in judged(text, ("bank",)).namespaces] == ["bank"]


def test_nothing_at_all():
    report = judged("")
    assert (report.verdict.value, report.namespaces, report.mesh_policy) == ("ready", (), None)
    assert build("").callers.all == ()
