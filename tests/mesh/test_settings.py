"""The settings of the mesh: pkg/config/mesh/mesh.go (DefaultMeshConfig), and what an installation says."""

import pytest
from mesh.building import build

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Context, Entry, Origin, Scope
from meshlint.mesh.mesh import Mesh
from meshlint.model.mesh_config.mesh_config import mesh_config

DEFAULTS = {
    "root_namespace": "istio-system",
    "trust_domain": "cluster.local",
    "trust_domain_aliases": (),
    "cluster_domain": "cluster.local",
    "auto_mtls": True,
    "outbound_policy": "ALLOW_ANY",
    "path_normalization": "BASE",
    "default_service_export_to": (),
    "default_virtual_service_export_to": (),
    "default_destination_rule_export_to": (),
    "discovery_selectors": (),
    "extension_providers": {},
    "default_providers": None,
    "prometheus_merge": True,
    "holds_application": False,
    "dns_capture": False,
    "enable_namespaces_by_default": False,
    "injects_by_default": True,
    "rewrites_probes": True,
    "is_ambient": False,
    "speaks_hbone": False,
    "is_known": False,
    "mixed": False,
}


def of(*configs: dict) -> Mesh:
    return Mesh([Entry(mesh_config(data), Origin(0, number, "mesh.yaml")) for number, data in enumerate(configs)])


@pytest.mark.parametrize(("name", "expected"), DEFAULTS.items())
def test_defaults(name, expected):
    assert getattr(build().settings, name) == expected


def test_default_retries_are_two_on_connection_failures():
    retries = build().settings.default_retries
    assert (retries.attempts, retries.per_try_timeout) == (2, None)


@pytest.mark.parametrize(
    ("config", "name", "expected"),
    [
        ({"rootNamespace": "root"}, "root_namespace", "root"),
        ({"rootNamespace": ""}, "root_namespace", "istio-system"),
        ({"trustDomain": "td"}, "trust_domain", "td"),
        ({"trustDomainAliases": ["a", "b"]}, "trust_domain_aliases", ("a", "b")),
        ({"enableAutoMtls": False}, "auto_mtls", False),
        ({"enableAutoMtls": True}, "auto_mtls", True),
        ({"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}}, "outbound_policy", "REGISTRY_ONLY"),
        ({"outboundTrafficPolicy": {"mode": "ALLOW_ANY"}}, "outbound_policy", "ALLOW_ANY"),
        ({"outboundTrafficPolicy": {}}, "outbound_policy", "REGISTRY_ONLY"),
        ({"pathNormalization": {"normalization": "MERGE_SLASHES"}}, "path_normalization", "MERGE_SLASHES"),
        ({"pathNormalization": {"normalization": "DEFAULT"}}, "path_normalization", "BASE"),
        ({"pathNormalization": {}}, "path_normalization", "BASE"),
        ({"defaultServiceExportTo": ["."]}, "default_service_export_to", (".",)),
        ({"defaultVirtualServiceExportTo": ["."]}, "default_virtual_service_export_to", (".",)),
        ({"defaultDestinationRuleExportTo": ["."]}, "default_destination_rule_export_to", (".",)),
        ({"enablePrometheusMerge": False}, "prometheus_merge", False),
        ({"defaultConfig": {"holdApplicationUntilProxyStarts": True}}, "holds_application", True),
        ({"defaultConfig": {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}}}, "dns_capture", True),
        ({}, "is_known", True),
    ],
)
def test_mesh_config(config, name, expected):
    assert getattr(of(config).settings, name) == expected
    assert getattr(Mesh([], Context(mesh_config=config)).settings, name) == expected


def test_extension_providers_are_found_by_name():
    settings = of({"extensionProviders": [{"name": "opa"}, {"name": "zipkin"}]}).settings
    assert list(settings.extension_providers) == ["opa", "zipkin"]


def test_the_option_of_the_command_line_wins_over_the_input():
    mesh = Mesh(
        [Entry(mesh_config({"trustDomain": "a"}), Origin(0, 0, "x"))], Context(mesh_config={"trustDomain": "b"})
    )
    assert mesh.settings.trust_domain == "b"


@pytest.mark.parametrize(
    ("configs", "domain", "mixed"),
    [
        ([{"trustDomain": "a"}, {"trustDomain": "a"}], "a", False),
        ([{"trustDomain": "a"}, {"trustDomain": "b"}], "cluster.local", True),
        ([{"trustDomain": "a"}, {}], "cluster.local", True),
        ([{"trustDomain": "a"}, {"trustDomain": 5}], "a", True),
        ([{"trustDomain": "a", "accessLogFile": "x"}, {"trustDomain": "a"}], "a", False),
        ([{"trustDomain": "${DOMAIN}"}], "${DOMAIN}", True),
        ([{"trustDomain": "a", "defaultConfig": {"proxyMetadata": {"ZONE": "${ZONE}"}}}], "a", True),
    ],
)
def test_several_that_differ_give_the_default_and_are_mixed(configs, domain, mixed):
    settings = of(*configs).settings
    assert settings.trust_domain == domain
    assert settings.mixed is mixed


def test_two_parts_of_one_installation_are_one_mesh_config_and_the_operators_own_part_wins():
    parts = [mesh_config({"trustDomain": "a"}), mesh_config({"trustDomain": "b", "rootNamespace": "root"})]
    settings = Mesh([Entry(part, Origin(0, 0, "operator.yaml")) for part in parts]).settings
    assert (settings.trust_domain, settings.root_namespace, settings.mixed) == ("a", "root", False)


OPERATOR = """
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: i}
spec:
  values:
    global: {trustDomain: td, proxy: {clusterDomain: corp.local, autoInject: disabled}}
    sidecarInjectorWebhook: {enableNamespacesByDefault: true, rewriteAppHTTPProbe: false}
    pilot: {env: {PILOT_X: true, PILOT_Y: "5"}}
"""
SAIL = OPERATOR.replace("install.istio.io/v1alpha1\nkind: IstioOperator", "sailoperator.io/v1\nkind: Istio")
INJECTOR = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector, namespace: istio-system}
data:
  values: '{"global": {"trustDomain": "td", "proxy": {"clusterDomain": "corp.local"}},
    "sidecarInjectorWebhook": {"enableNamespacesByDefault": true, "rewriteAppHTTPProbe": false},
    "pilot": {"env": {"PILOT_X": "true", "PILOT_Y": "5"}}}'
  config: |
    defaultTemplates: [sidecar]
    policy: disabled
"""


@pytest.mark.parametrize("text", [OPERATOR, SAIL, INJECTOR])
def test_values_of_the_installation(text):
    settings = build(text).settings
    assert settings.trust_domain == "td"
    assert settings.cluster_domain == "corp.local"
    assert settings.enable_namespaces_by_default
    assert not settings.injects_by_default
    assert not settings.rewrites_probes
    assert settings.environment("PILOT_X") == "true"
    assert settings.environment("PILOT_Y") == "5"
    assert settings.environment("PILOT_Z") is None
    assert not settings.mixed


@pytest.mark.parametrize("text", ["nonsense", "[]", "5", "", '{"global": 5}'])
def test_values_that_are_no_values_are_ignored(text):
    mesh = build(
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: istio-sidecar-injector}}\ndata: {{values: '{text}'}}"
    )
    assert mesh.settings.trust_domain == "cluster.local"


@pytest.mark.parametrize("text", [OPERATOR, SAIL])
def test_the_profile_ambient(text):
    settings = build(text.replace("spec:\n", "spec:\n  profile: ambient\n")).settings
    assert settings.is_ambient
    assert settings.speaks_hbone


def test_the_deployment_of_istiod():
    settings = build("""
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod-1-24, namespace: istio-system}
spec:
  template:
    spec:
      containers:
      - name: discovery
        args: [discovery, --domain, corp.local]
        env: [{name: PILOT_X, value: "true"}, {name: POD_NAME, valueFrom: {}}]
""").settings
    assert settings.cluster_domain == "corp.local"
    assert settings.environment("PILOT_X") == "true"
    assert settings.environment("POD_NAME") is None


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {mesh: %s}}"


@pytest.mark.parametrize(
    ("selectors", "text", "expected", "complete"),
    [
        ([], "", Answer.YES, Answer.YES),
        ([{"matchLabels": {"mesh": "on"}}], NAMESPACE % "'on'", Answer.YES, Answer.YES),
        ([{"matchLabels": {"mesh": "on"}}], NAMESPACE % "'off'", Answer.NO, Answer.NO),
        ([{"matchLabels": {"mesh": "on"}}], "", Answer.UNKNOWN, Answer.NO),
        ([{"matchLabels": {"other": "on"}}], NAMESPACE % "'off'", Answer.UNKNOWN, Answer.NO),
        ([{"matchLabels": {"kubernetes.io/metadata.name": "shop"}}], "", Answer.YES, Answer.YES),
        ([{"matchLabels": {"kubernetes.io/metadata.name": "bank"}}], "", Answer.NO, Answer.NO),
        ([{"matchExpressions": [{"key": "mesh", "operator": "In", "values": ["a"]}]}], NAMESPACE % "b", Answer.NO, Answer.NO),
        ([{"matchExpressions": [{"key": "mesh", "operator": "NotIn", "values": ["a"]}]}], "", Answer.YES, Answer.YES),
    ],
)  # fmt: skip
def test_discovery_selectors(selectors, text, expected, complete):
    config = {"discoverySelectors": selectors}
    assert build(text, mesh_config=config).settings.discovers("shop") is expected
    assert build(text, mesh_config=config, scope=Scope.COMPLETE).settings.discovers("shop") is complete
