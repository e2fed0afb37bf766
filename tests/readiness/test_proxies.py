"""R25: calls that proxies make by themselves, for filters, providers and settings."""

import textwrap

import pytest
from meshes import namespace, pod, rule, service
from readiness.checking import codes, judged, workload

SHOP = namespace("shop") + pod("authz") + service("authz")
HOST = "authz.shop.svc.cluster.local"
BROKEN = {("R25", "blocker")}
UNUSED = {("R25", "warning")}
TLS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"


def envoy_filter(*patches: str, home: str = "shop") -> str:
    head = f"""---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {{name: login, namespace: {home}}}
spec:
  configPatches:
"""
    return head + "".join(textwrap.indent(textwrap.dedent(patch).strip() + "\n", "  ") for patch in patches)


def cluster(address: str = HOST, port: int = 80, socket: str = "{}", kind: str = "STRICT_DNS") -> str:
    """A cluster `mine`, with its transport socket (`{}`: none)."""
    more = "" if socket == "{}" else f", transport_socket: {socket}"
    return (
        "- applyTo: CLUSTER\n  patch:\n    operation: ADD\n"
        f"    value: {{name: mine, type: {kind}, load_assignment: {{cluster_name: mine, endpoints: [{{lb_endpoints: [{{endpoint:"
        f" {{address: {{socket_address: {{address: {address}, port_value: {port}}}}}}}}}]}}]}}{more}}}\n"
    )


def http_filter(service: str) -> str:
    """An authorizer, with what its gRPC service is."""
    return (
        "- applyTo: HTTP_FILTER\n  match: {context: SIDECAR_INBOUND}\n  patch:\n    operation: INSERT_BEFORE\n"
        "    value: {name: envoy.filters.http.ext_authz, typed_config: {'@type':"
        f" type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz, grpc_service: {service}}}}}\n"
    )


def lua(code: str) -> str:
    return (
        "- applyTo: HTTP_FILTER\n  patch:\n    operation: INSERT_FIRST\n    value: {name: lua, typed_config: {'@type':"
        f" type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua, inline_code: {code!r}}}}}\n"
    )


def wasm(name: str, home: str, config: str) -> str:
    return (
        f"---\n{{apiVersion: extensions.istio.io/v1alpha1, kind: WasmPlugin, metadata: {{name: {name}, namespace: {home}}},"
        f" spec: {{url: x, pluginConfig: {config}}}}}\n"
    )


USES = http_filter("{envoy_grpc: {cluster_name: mine}}")


@pytest.mark.parametrize(
    ("patches", "expected"),
    [
        pytest.param([cluster(), USES], BROKEN, id="a cluster without TLS, and a filter that uses it"),
        pytest.param([cluster("authz.shop"), USES], BROKEN, id="its short name"),
        pytest.param([cluster("authz"), USES], BROKEN, id="its shortest name, of the filter's namespace"),
        pytest.param([cluster(kind="LOGICAL_DNS"), USES], BROKEN, id="another way of looking names up"),
        pytest.param([cluster()], UNUSED, id="a cluster that nothing of the files uses"),
        pytest.param([cluster(), lua("handle:httpCall('mine', {})")], BROKEN, id="used by Lua"),
        pytest.param([cluster("authz.example.com"), USES], set(), id="a host outside of the cluster"),
        pytest.param([cluster(port=81), USES], set(), id="a port that the service does not have"),
        pytest.param(
            [
                cluster(socket="{name: envoy.transport_sockets.raw_buffer, typed_config: {'@type': x.v3.RawBuffer}}"),
                USES,
            ],
            BROKEN,
            id="a transport socket that is none",
        ),
        pytest.param(
            [cluster(socket=f"{{name: tls, typed_config: {{'@type': {TLS}, sni: x}}}}"), USES],
            BROKEN,
            id="TLS without a certificate of the client",
        ),
        pytest.param(
            [
                cluster(
                    socket=f"{{name: tls, typed_config: {{'@type': {TLS}, common_tls_context:"
                    " {tls_certificate_sds_secret_configs: [{name: default}]}}}"
                ),
                USES,
            ],
            set(),
            id="TLS with the proxy's own certificate",
        ),
        pytest.param(
            [http_filter(f"{{google_grpc: {{target_uri: '{HOST}:80', stat_prefix: x}}}}")],
            BROKEN,
            id="gRPC's own client",
        ),
        pytest.param(
            [
                http_filter(
                    f"{{google_grpc: {{target_uri: '{HOST}:80', channel_credentials: {{ssl_credentials: {{}}}}}}}}"
                )
            ],
            set(),
            id="gRPC's own client with credentials: not visible",
        ),
        pytest.param(
            [http_filter(f"{{envoy_grpc: {{cluster_name: 'outbound|80||{HOST}'}}}}")],
            set(),
            id="the cluster of the service: auto mTLS, as for any client",
        ),
    ],
)
def test_r25_clusters_of_envoy_filters(patches, expected):
    report = judged(SHOP + envoy_filter(*patches))
    assert codes(report, "authz") == expected
    assert report.verdict.value == ("not ready" if expected == BROKEN else "ready")


def test_r25_a_server_without_proxy_goes_on_taking_plain_text():
    bare = namespace("shop", "{istio-injection: disabled}") + pod("authz") + service("authz")
    assert ("R25", "blocker") not in codes(judged(bare + envoy_filter(cluster(), USES)), "authz")


def test_r25_nor_does_an_exception_break():
    text = SHOP + envoy_filter(cluster(), USES)
    text += (
        "---\n{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: a, namespace: shop},"
        " spec: {selector: {matchLabels: {app: authz}}, portLevelMtls: {8080: {mode: PERMISSIVE}}}}\n"
    )
    assert codes(judged(text), "authz") == {("R8", "exception")}


PLAIN = rule("plain", HOST, "{tls: {mode: DISABLE}}", home="edge", more="exportTo: [.]")
EDGE = namespace("edge") + pod("web", home="edge")
NAMED = http_filter(f"{{envoy_grpc: {{cluster_name: 'outbound|80|v1|{HOST}'}}}}")
PROVIDER = {"extensionProviders": [{"name": "login", "envoyExtAuthzGrpc": {"service": HOST, "port": 80}}]}
CUSTOM = (
    "---\n{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: login, namespace: edge},"
    " spec: {action: CUSTOM, provider: {name: login}, rules: [{}]}}\n"
)
TRACES = (
    "---\n{apiVersion: telemetry.istio.io/v1, kind: Telemetry, metadata: {name: t, namespace: %s},"
    " spec: {tracing: [{providers: [{name: login}]}]}}\n"
)


@pytest.mark.parametrize(
    ("evidence", "config"),
    [
        (envoy_filter(NAMED.replace("|v1|", "||"), home="edge"), {}),
        (envoy_filter(NAMED, home="edge"), {}),
        (CUSTOM, PROVIDER),
        (TRACES % "edge", PROVIDER),
        (TRACES % "istio-system", PROVIDER),
        (wasm("w", "edge", f"{{upstream: 'outbound|80||{HOST}'}}"), {}),
    ],
)
def test_r25_calls_through_the_cluster_of_a_service_are_those_of_any_client(evidence, config):
    report = judged(SHOP + EDGE + PLAIN + evidence, mesh_config=config or None)
    assert codes(report, "authz") == {("R3", "blocker")}
    reason = workload(report, "authz").reasons[0]
    assert any("login" in item.message or "outbound" in item.message for item in reason.related)


def test_r25_without_such_a_rule_they_have_mtls():
    assert codes(judged(SHOP + EDGE + CUSTOM, mesh_config=PROVIDER), "authz") == set()


def test_r25_a_provider_may_be_named_with_its_namespace():
    config = {"extensionProviders": [{"name": "login", "envoyExtAuthzGrpc": {"service": f"other/{HOST}", "port": 80}}]}
    report = judged(SHOP + EDGE + PLAIN + CUSTOM, mesh_config=config)
    assert workload(report, "authz").reasons[0].related == ()


def tracing(**more) -> dict:
    return {"defaultConfig": {"tracing": {"zipkin": {"address": "authz.shop:80"}, **more}}}


@pytest.mark.parametrize(
    ("config", "more", "expected"),
    [
        (tracing(), "", BROKEN),
        (tracing(tlsSettings={"mode": "ISTIO_MUTUAL"}), "", set()),
        (tracing(tlsSettings={"mode": "SIMPLE"}), "", BROKEN),
        ({"enableTracing": False, **tracing()}, "", set()),
        (tracing(), TRACES % "istio-system", set()),
        ({"defaultProviders": {"tracing": ["login"]}, **tracing()}, "", set()),
        ({"defaultConfig": {"envoyMetricsService": {"address": "authz.shop:80"}}}, "", BROKEN),
        ({"defaultConfig": {"envoyAccessLogService": {"address": "authz.shop:80"}}}, "", set()),
        (
            {
                "enableEnvoyAccessLogService": True,
                "defaultConfig": {"envoyAccessLogService": {"address": "authz.shop:80"}},
            },
            "",
            BROKEN,
        ),
    ],
)
def test_r25_what_proxies_are_started_with_knows_no_auto_mtls(config, more, expected):
    assert codes(judged(SHOP + more, mesh_config=config), "authz") == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (envoy_filter(cluster(), USES), False),
        (envoy_filter(http_filter("{envoy_grpc: {cluster_name: elsewhere}}")), False),
        (envoy_filter(lua("handle:httpCall('mine', {})")), False),
        (envoy_filter(lua("handle:logInfo('hello')")), False),
        (envoy_filter(lua("handle:httpCall(name, {})")), True),
        (envoy_filter(cluster(kind="EDS"), USES), True),
        (
            envoy_filter("- applyTo: CLUSTER\n  patch: {operation: MERGE, value: {transport_socket: {name: x}}}\n"),
            True,
        ),
        (
            envoy_filter(http_filter(f"{{google_grpc: {{target_uri: '{HOST}:80', channel_credentials: {{a: b}}}}}}")),
            True,
        ),
        (wasm("login", "shop", "{}"), True),
    ],
)
def test_r25_what_is_not_visible_is_said(text, shown):
    assert any("`login`" in sentence for sentence in judged(SHOP + text).not_visible) == shown


@pytest.mark.parametrize(
    "value",
    [
        "text",
        "[1, 2]",
        "{load_assignment: 1}",
        "{type: STATIC, load_assignment: {endpoints: [null, {lb_endpoints: 3}]}}",
        "null",
    ],
)
def test_r25_odd_values_of_patches_are_no_calls(value):
    patch = f"- applyTo: CLUSTER\n  patch: {{operation: ADD, value: {value}}}\n"
    assert codes(judged(SHOP + envoy_filter(patch)), "authz") == set()
