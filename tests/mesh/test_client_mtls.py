"""The client side of mTLS, one test for each step of what Istio does.

Deciding: pilot/pkg/networking/core/cluster_tls.go (buildUpstreamTLSSettings), pilot/pkg/model/push_context.go
(BestEffortInferServiceMTLSMode), pilot/pkg/xds/endpoints/mtls_checker.go.
"""

import pytest
from mesh.building import build, named
from mesh.meshes import authentication, namespace, pod, rule, service

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.mtls import Wire

PLAIN, MESH, OWN_TLS = Wire.PLAIN, Wire.MESH, Wire.OWN_TLS
WEB = namespace("shop") + pod("web") + service("web")
HOST = "web.shop.svc.cluster.local"
OFF, ON = "{tls: {mode: DISABLE}}", "{tls: {mode: ISTIO_MUTUAL}}"


def wires(text: str, client: str = "bank", port: int = 80, subset: str | None = None, to: str = "web", **context):
    """What goes over the wire to each endpoint; `client` is a pod of the text, or else a namespace."""
    return [item.wire for item in connections(text, client, port, subset, to, **context)]


def connections(text, client="bank", port=80, subset=None, to="web", **context):
    mesh = build(text, **context)
    pods = [item for item in mesh.workloads.all if item.name == client]
    target = next((item for kind in ("Service", "ServiceEntry") for item in _named(mesh, to, kind)), None)
    return mesh.mtls.connections(pods[0] if pods else client, target, port, subset)


def _named(mesh, name, kind):
    try:
        return [named(mesh, name, kind)]
    except LookupError:
        return []


@pytest.mark.parametrize(
    ("rules", "client", "expected"),
    [
        ("", "bank", MESH),
        # The client's namespace, then the service's, then the root's
        (rule("r", HOST, OFF, "bank"), "bank", PLAIN),
        (rule("r", HOST, OFF, "bank"), "other", MESH),
        (rule("r", HOST, OFF, "shop"), "bank", PLAIN),
        (rule("r", HOST, OFF, "istio-system"), "bank", PLAIN),
        (rule("r", HOST, ON, "bank") + rule("s", HOST, OFF, "shop"), "bank", MESH),
        (rule("r", HOST, ON, "shop") + rule("s", HOST, OFF, "istio-system"), "bank", MESH),
        # Nothing is merged across namespaces
        (rule("r", HOST, "{}", "bank") + rule("s", HOST, OFF, "shop"), "bank", MESH),
        # The most specific host of the first namespace
        (rule("r", "'*.shop.svc.cluster.local'", OFF, "shop") + rule("s", "web", ON, "shop"), "bank", MESH),
        (rule("r", "'*.local'", OFF, "istio-system"), "bank", PLAIN),
        (rule("r", "'*.local'", OFF, "bank") + rule("s", "web", ON, "shop"), "bank", PLAIN),
        # Not exported
        (rule("r", HOST, OFF, "shop", "exportTo: ['.']"), "bank", MESH),
        (rule("r", HOST, OFF, "shop", "exportTo: ['.']"), "shop", PLAIN),
        # A client in the root namespace starts with its private rules only
        (rule("r", HOST, OFF, "istio-system") + rule("s", HOST, ON, "shop"), "istio-system", MESH),
        (rule("r", HOST, OFF, "istio-system", "exportTo: ['.']") + rule("s", HOST, ON, "shop"), "istio-system", PLAIN),
    ],
)  # fmt: skip
def test_client_step_1_which_destination_rule(rules, client, expected):
    assert wires(WEB + rules, client) == [expected]


PORT_ON = "portLevelSettings: [{port: {number: 80}, tls: {mode: ISTIO_MUTUAL}}]"
PORT_OFF = "portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]"
PORT_BARE = "portLevelSettings: [{port: {number: 80}, connectionPool: {}}]"


@pytest.mark.parametrize(
    ("policy", "port", "expected"),
    [
        (f"{{tls: {{mode: DISABLE}}, {PORT_ON}}}", 80, MESH),
        (f"{{tls: {{mode: DISABLE}}, {PORT_ON}}}", 9090, PLAIN),
        (f"{{tls: {{mode: ISTIO_MUTUAL}}, {PORT_OFF}}}", 80, PLAIN),
        (f"{{tls: {{mode: ISTIO_MUTUAL}}, {PORT_OFF}}}", 9090, MESH),
        (f"{{{PORT_OFF}}}", 80, PLAIN),
        # The key is the port of the Service, not of the container
        (f"{{{PORT_OFF.replace('80', '8080')}}}", 80, MESH),
        # An entry without tls loses the host's: auto mTLS is back; but an ISTIO_MUTUAL that is lost is no loss
        (f"{{tls: {{mode: ISTIO_MUTUAL}}, {PORT_BARE}}}", 80, MESH),
        # ... and a DISABLE that is lost still keeps the endpoints from mTLS (mtls_checker.go)
        (f"{{tls: {{mode: DISABLE}}, {PORT_BARE}}}", 80, PLAIN),
        (f"{{tls: {{mode: SIMPLE}}, {PORT_BARE}}}", 80, PLAIN),
    ],
)
def test_client_step_2_the_entry_of_a_port_replaces_the_hosts_policy(policy, port, expected):
    assert wires(WEB + rule("r", "web", policy), port=port) == [expected]


def test_client_step_2_a_lost_istio_mutual_is_plain_text_without_auto_mtls():
    text = WEB + rule("r", "web", f"{{tls: {{mode: ISTIO_MUTUAL}}, {PORT_BARE}}}")
    assert wires(text, mesh_config={"enableAutoMtls": False}) == [PLAIN]


@pytest.mark.parametrize(
    ("policy", "subsets", "subset", "expected"),
    [
        (OFF, "[{name: v1, labels: {app: web}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]", "v1", MESH),
        (OFF, "[{name: v1, labels: {app: web}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]", None, PLAIN),
        (ON, "[{name: v1, labels: {app: web}, trafficPolicy: {tls: {mode: DISABLE}}}]", "v1", PLAIN),
        (OFF, "[{name: v1, labels: {app: web}, trafficPolicy: {connectionPool: {}}}]", "v1", PLAIN),
        (OFF, "[{name: v1, labels: {app: web}}]", "v1", PLAIN),
        ("{}", f"[{{name: v1, trafficPolicy: {{tls: {{mode: ISTIO_MUTUAL}}, {PORT_OFF}}}}}]", "v1", PLAIN),
        (f"{{{PORT_OFF}}}", "[{name: v1, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}]", "v1", MESH),
        # An entry for the port without tls: releases differ in whether the endpoints still see the host's
        (OFF, f"[{{name: v1, trafficPolicy: {{{PORT_BARE}}}}}]", "v1", None),
        (ON, f"[{{name: v1, trafficPolicy: {{{PORT_BARE}}}}}]", "v1", MESH),
        (f"{{tls: {{mode: DISABLE}}, {PORT_BARE}}}", "[{name: v1, labels: {app: web}}]", "v1", None),
    ],
)
def test_client_step_2_the_subset_overrides(policy, subsets, subset, expected):
    assert wires(WEB + rule("r", "web", policy, more=f"subsets: {subsets}"), subset=subset) == [expected]


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        ("{mode: DISABLE}", PLAIN),
        ("{mode: SIMPLE}", OWN_TLS),
        ("{mode: MUTUAL, clientCertificate: a, privateKey: b}", OWN_TLS),
        ("{mode: ISTIO_MUTUAL}", MESH),
        ("{}", PLAIN),
        ("{sni: web}", PLAIN),
        # Sidecars read no Secrets without a selector, and then send no TLS at all
        ("{mode: SIMPLE, credentialName: web}", PLAIN),
        ("{mode: SIMPLE, credentialName: 'configmap://ca'}", OWN_TLS),
    ],
)
def test_client_step_3_tls_decides_and_without_a_mode_it_means_disable(tls, expected):
    found = connections(WEB + rule("r", "web", f"{{tls: {tls}}}"))
    assert [item.wire for item in found] == [expected]
    assert found[0].rule.name == "r"
    assert found[0].tls is found[0].rule.spec.traffic_policy.tls


def test_client_step_3_istio_mutual_goes_to_endpoints_without_sidecar_too():
    text = namespace("shop", "{istio-injection: disabled}") + pod("web") + service("web") + rule("r", "web", ON)
    mesh = build(text)
    [broken] = mesh.mtls.broken("bank", named(mesh, "web", "Service"), 80)
    assert broken.wire is MESH
    assert broken.endpoint.workload.name == "web"


def test_client_step_3_a_strict_server_refuses_what_is_no_mesh_mtls():
    for policy, refused in ((OFF, 1), ("{tls: {mode: SIMPLE}}", 1), (ON, 0), ("{}", 0)):
        mesh = build(WEB + authentication("space", "STRICT") + rule("r", "web", policy))
        assert len(list(mesh.mtls.broken("bank", named(mesh, "web", "Service"), 80))) == refused


NO_SIDECAR = 'sidecar.istio.io/inject: "false"'


@pytest.mark.parametrize(
    ("text", "port", "expected"),
    [
        (WEB, 80, [MESH]),
        (namespace("shop") + pod("web", NO_SIDECAR) + service("web"), 80, [PLAIN]),
        (pod("web") + service("web"), 80, [None]),
        # Each endpoint is asked by itself
        (WEB + pod("web2", NO_SIDECAR).replace("app: web2", "app: web"), 80, [MESH, PLAIN]),
        # The mode of the endpoint's port
        (WEB + authentication("own", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}"), 80, [PLAIN]),
        (WEB + authentication("own", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}"), 9090, [MESH]),
        (WEB + authentication("own", "DISABLE", selector="{app: web}"), 80, [PLAIN]),
        (WEB + authentication("own", "PERMISSIVE", selector="{app: web}"), 80, [MESH]),
        # The namespace's or the mesh's mode makes istiod build no mTLS at all
        (WEB + authentication("space", "DISABLE"), 80, [PLAIN]),
        (WEB + authentication("space", "DISABLE") + authentication("own", "STRICT", selector="{app: web}"), 80, [PLAIN]),
        (WEB + authentication("mesh", "DISABLE", "istio-system"), 80, [PLAIN]),
        (WEB + authentication("mesh", "DISABLE", "istio-system") + authentication("space", "STRICT"), 80, [MESH]),
        (WEB + authentication("a", "DISABLE") + authentication("b", "STRICT"), 80, [None]),
        # The label that the injector sets can be written by hand
        (namespace("shop") + pod("web", "security.istio.io/tlsMode: disabled") + service("web"), 80, [PLAIN]),
    ],
)  # fmt: skip
def test_client_step_4_auto_mtls_asks_each_endpoint(text, port, expected):
    assert wires(text, port=port) == expected


def test_client_step_4_auto_mtls_may_be_off():
    assert wires(WEB, mesh_config={"enableAutoMtls": False}) == [PLAIN]
    assert wires(WEB + rule("r", "web", ON), mesh_config={"enableAutoMtls": False}) == [MESH]


def test_client_step_4_gateways_as_endpoints_have_no_label_and_get_plain_text():
    assert wires(namespace("shop") + pod("web", "istio: egressgateway") + service("web"), "bank") == [PLAIN]


def entry(spec: str) -> str:
    return f"""---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: ext, namespace: shop}}
spec: {{hosts: [ext.example.com], ports: [{{number: 80, name: http, protocol: HTTP}}], {spec}}}
"""


STATIC = "resolution: STATIC"
VM = "endpoints: [{address: 10.0.0.1, serviceAccount: vm}]"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (f"{STATIC}, {VM}", PLAIN),
        (f"{STATIC}, location: MESH_EXTERNAL, {VM}", PLAIN),
        (f"{STATIC}, location: MESH_INTERNAL, {VM}", MESH),
    ],
)
def test_client_step_5_a_service_entry_is_external_unless_it_says_otherwise(spec, expected):
    assert wires(entry(spec), to="ext") == [expected]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web.shop.svc.cluster.local", MESH),
        ("web.shop.svc.cluster.local.", MESH),
        ("other.shop.svc.cluster.local", MESH),
        ("api.example.com", PLAIN),
        ("web", PLAIN),
        ("elsewhere.bank.svc.cluster.local", None),
        ("circle.shop.svc.cluster.local", None),
    ],
)
def test_client_step_5_an_external_name_follows_its_target(name, expected):
    aliases = "".join(
        f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: {alias}, namespace: shop}}\n"
        f"spec: {{type: ExternalName, externalName: {target}}}\n"
        for alias, target in (("alias", name), ("other", HOST), ("circle", "alias.shop.svc.cluster.local"))
    )
    assert wires(WEB + aliases, to="alias") == [expected]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (f"{STATIC}, location: MESH_INTERNAL, endpoints: [{{address: 10.0.0.1}}]", [PLAIN]),
        (f"{STATIC}, location: MESH_INTERNAL, endpoints: [{{address: 10.0.0.1, labels: {{security.istio.io/tlsMode: istio}}}}]", [MESH]),
        (f"{STATIC}, location: MESH_INTERNAL, endpoints: [{{address: 10.0.0.1, serviceAccount: vm, labels: {{security.istio.io/tlsMode: disabled}}}}]", [PLAIN]),
        (f"{STATIC}, location: MESH_INTERNAL, endpoints: [{{address: 10.0.0.1, serviceAccount: vm}}, {{address: 10.0.0.2}}]", [MESH, PLAIN]),
        ("resolution: DNS, location: MESH_INTERNAL", [PLAIN]),
    ],
)  # fmt: skip
def test_client_step_6_machines_take_mtls_by_label_or_account(spec, expected):
    assert wires(entry(spec), to="ext") == expected


@pytest.mark.parametrize(("account", "expected"), [("serviceAccount: vm, ", MESH), ("", PLAIN)])
def test_client_step_6_so_do_those_that_a_selector_picks(account, expected):
    text = f"""---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {{name: vm, namespace: shop}}
spec: {{address: 10.0.0.1, {account}labels: {{app: vm}}}}
"""
    spec = f"{STATIC}, location: MESH_INTERNAL, workloadSelector: {{labels: {{app: vm}}}}"
    assert wires(text + entry(spec), to="ext") == [expected]
    assert wires(text + service("vm").replace(", targetPort: http", ""), to="vm") == [expected]


HEADLESS = service("web", "clusterIP: None")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (namespace("shop") + pod("web") + HEADLESS, [MESH]),
        (namespace("shop") + pod("web") + pod("web2", NO_SIDECAR).replace("app: web2", "app: web") + HEADLESS, [PLAIN, PLAIN]),
        (pod("web") + HEADLESS, [None]),
        (HEADLESS, [None]),
        # The mode of a port of a selector's policy is not asked
        (namespace("shop") + pod("web") + HEADLESS
         + authentication("own", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}"), [MESH]),
        (namespace("shop") + pod("web") + HEADLESS + authentication("space", "DISABLE"), [PLAIN]),
        # The same where a rule switches load balancing off
        (WEB + rule("r", "web", "{loadBalancer: {simple: PASSTHROUGH}}"), [MESH]),
        (WEB + pod("web2", NO_SIDECAR).replace("app: web2", "app: web")
         + rule("r", "web", "{loadBalancer: {simple: PASSTHROUGH}}"), [PLAIN, PLAIN]),
    ],
)  # fmt: skip
def test_client_step_7_without_load_balancing_all_endpoints_need_a_sidecar(text, expected):
    assert wires(text) == expected


def test_client_step_7_a_service_entry_without_resolution_has_no_endpoints():
    assert wires(entry("location: MESH_INTERNAL"), to="ext") == [PLAIN]
    assert wires(entry("location: MESH_INTERNAL, resolution: NONE"), to="ext") == [PLAIN]


def test_client_step_7_gateways_balance_headless_services_and_ask_each_endpoint():
    gate = pod("gate", "istio: ingressgateway", home="edge")
    port = authentication("own", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}")
    assert wires(gate + namespace("shop") + pod("web") + HEADLESS + port, "gate") == [PLAIN]
    assert wires(gate + namespace("shop") + pod("web") + HEADLESS, "gate") == [MESH]


SIDECAR = """---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: bank}
spec: {egress: [{hosts: [%s]}]}
"""


@pytest.mark.parametrize(
    ("text", "port", "context", "expected"),
    [
        (WEB, 8080, {}, PLAIN),
        (WEB + SIDECAR % "'./*'", 80, {}, PLAIN),
        (WEB + SIDECAR % "'shop/*'", 80, {}, MESH),
        (WEB.replace("metadata: {name: web, namespace: shop}",
                     "metadata: {name: web, namespace: shop, annotations: {networking.istio.io/exportTo: .}}"), 80, {}, PLAIN),
        (WEB, 80, {"mesh_config": {"discoverySelectors": [{"matchLabels": {"kubernetes.io/metadata.name": "bank"}}]}}, PLAIN),
        (WEB, 80, {"mesh_config": {"discoverySelectors": [{"matchLabels": {"mesh": "on"}}]}}, None),
    ],
)  # fmt: skip
def test_client_step_8_what_the_proxy_does_not_know_passes_through_in_plain_text(text, port, context, expected):
    assert wires(text, port=port, **context) == [expected]


@pytest.mark.parametrize(
    ("labels", "annotations", "spec", "expected"),
    [
        ("", "{}", "", MESH),
        ("", "{traffic.sidecar.istio.io/excludeOutboundPorts: '80'}", "", PLAIN),
        ("", "{traffic.sidecar.istio.io/excludeOutboundPorts: '81'}", "", MESH),
        ("", "{traffic.sidecar.istio.io/includeOutboundIPRanges: ''}", "", PLAIN),
        ("", "{traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.0/8}", "", None),
        (NO_SIDECAR, "{}", "", PLAIN),
        ("", "{}", ", hostNetwork: true", PLAIN),
    ],
)
def test_client_step_8_what_is_kept_from_the_clients_proxy_is_plain_text(labels, annotations, spec, expected):
    text = WEB + namespace("bank") + pod("atm", labels, "bank", spec, annotations)
    assert wires(text, "atm") == [expected]


def test_a_client_that_may_have_a_sidecar_is_unknown():
    assert wires(WEB + pod("atm", home="bank"), "atm") == [None]
    assert wires(WEB + pod("atm", home="bank"), "atm", scope=Scope.COMPLETE) == [PLAIN]


def test_a_client_known_to_be_outside_breaks_on_strict():
    mesh = build(WEB + pod("atm", NO_SIDECAR, "bank") + authentication("space", "STRICT"))
    client = mesh.workloads.of("bank")[0]
    [broken] = mesh.mtls.broken(client, named(mesh, "web", "Service"), 80)
    assert (broken.wire, broken.endpoint.port) == (PLAIN, 8080)
    assert "has no sidecar" in broken.reason


AMBIENT = "{istio.io/dataplane-mode: ambient}"


@pytest.mark.parametrize(
    ("client", "server", "config", "expected"),
    [
        (AMBIENT, AMBIENT, {}, MESH),
        (AMBIENT, "{istio-injection: disabled, istio.io/dataplane-mode: none}", {}, PLAIN),
        (AMBIENT, "{istio-injection: enabled}", {}, None),
        ("{istio-injection: enabled}", AMBIENT, {}, None),
        ("{istio-injection: enabled}", AMBIENT,
         {"defaultConfig": {"proxyMetadata": {"ISTIO_META_ENABLE_HBONE": "true"}}}, MESH),
    ],
)  # fmt: skip
def test_ambient(client, server, config, expected):
    text = namespace("bank", client) + pod("atm", home="bank") + namespace("shop", server) + pod("web") + service("web")
    assert wires(text, "atm", mesh_config=config) == [expected]


def test_ztunnel_takes_no_notice_of_destination_rules():
    text = (
        namespace("bank", AMBIENT) + pod("atm", home="bank") + namespace("shop", AMBIENT) + pod("web") + service("web")
    )
    assert wires(text + rule("r", "web", OFF), "atm") == [MESH]


def test_an_endpoint_has_the_port_of_its_container():
    [found] = connections(WEB)
    assert found.endpoint.workload.name == "web"
    assert found.endpoint.port == 8080


def test_a_rule_that_may_be_another_leaves_it_open():
    selecting = rule("r", HOST, OFF, "bank", "workloadSelector: {matchLabels: {app: atm}}")
    assert wires(WEB + selecting, "bank") == [None]
    assert wires(WEB + selecting + namespace("bank") + pod("atm", home="bank"), "atm") == [PLAIN]
    assert wires(WEB + selecting + namespace("bank") + pod("other", home="bank"), "other") == [MESH]


def test_a_service_of_several_builds_is_reached_in_the_clients_own_namespace():
    class Overlays:
        def identities(self, path, namespace, name, kind):
            return {("dev", name), ("prod", name)} if namespace == "shop" else {(namespace, name)}

        def added_labels(self, path):
            return {}

        def patched(self, path, namespace, name, kind):
            return frozenset()

        def incomplete(self, path):
            return False

    text = namespace("dev") + namespace("prod", "{istio-injection: disabled}") + pod("web") + service("web")
    assert wires(text, "dev", builds=Overlays()) == [MESH]
    assert wires(text, "prod", builds=Overlays()) == [PLAIN]


def test_readable_reasons():
    assert connections(WEB + rule("r", "web", "{tls: {}}"))[0].reason == (
        "`tls` without a mode, which means DISABLE, of the DestinationRule `r`"
    )
    assert connections(WEB, port=8080)[0].reason == "port 8080, which the service does not declare"
    assert connections(WEB + authentication("space", "DISABLE"))[0].reason == "the mode DISABLE of the namespace `shop`"
    assert Answer.of(None) is Answer.UNKNOWN
