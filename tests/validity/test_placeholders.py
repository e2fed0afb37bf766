"""A value that is still to be filled in is not judged; what only looks like it is."""

import json

import pytest
from support import findings

KINDS = {
    "VirtualService.hosts": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["X"], "http": [{"route": [{"destination": {"host": "a"}}]}]},
    ),
    "VirtualService.destination": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["a.b"], "http": [{"route": [{"destination": {"host": "X"}}]}]},
    ),
    "VirtualService.subset": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["a.b"], "http": [{"route": [{"destination": {"host": "a", "subset": "X"}}]}]},
    ),
    "VirtualService.gateways": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["a.b"], "gateways": ["a/X"], "http": [{"route": [{"destination": {"host": "a"}}]}]},
    ),
    "VirtualService.exportTo": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["a.b"], "exportTo": ["X"], "http": [{"route": [{"destination": {"host": "a"}}]}]},
    ),
    "VirtualService.timeout": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["a.b"], "http": [{"timeout": "X", "route": [{"destination": {"host": "a"}}]}]},
    ),
    "VirtualService.retryOn": (
        "networking.istio.io/v1",
        "VirtualService",
        {
            "hosts": ["a.b"],
            "http": [{"retries": {"attempts": 1, "retryOn": "X"}, "route": [{"destination": {"host": "a"}}]}],
        },
    ),
    "VirtualService.sniHosts": (
        "networking.istio.io/v1",
        "VirtualService",
        {"hosts": ["a.b"], "tls": [{"match": [{"sniHosts": ["X"]}], "route": [{"destination": {"host": "a"}}]}]},
    ),
    "DestinationRule.host": ("networking.istio.io/v1", "DestinationRule", {"host": "X"}),
    "DestinationRule.subset": (
        "networking.istio.io/v1",
        "DestinationRule",
        {"host": "a.b", "subsets": [{"name": "X", "labels": {"a": "X"}}]},
    ),
    "Gateway.hosts": (
        "networking.istio.io/v1",
        "Gateway",
        {"servers": [{"hosts": ["X"], "port": {"number": 80, "name": "http", "protocol": "HTTP"}}]},
    ),
    "Gateway.protocol": (
        "networking.istio.io/v1",
        "Gateway",
        {"servers": [{"hosts": ["a.b"], "port": {"number": 80, "name": "a", "protocol": "X"}}]},
    ),
    "ServiceEntry.hosts": (
        "networking.istio.io/v1",
        "ServiceEntry",
        {"hosts": ["X"], "resolution": "DNS", "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}]},
    ),
    "ServiceEntry.address": (
        "networking.istio.io/v1",
        "ServiceEntry",
        {
            "hosts": ["a.b"],
            "resolution": "STATIC",
            "endpoints": [{"address": "X"}],
            "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}],
        },
    ),
    "Sidecar.hosts": ("networking.istio.io/v1", "Sidecar", {"egress": [{"hosts": ["./X"]}]}),
    "WorkloadEntry.address": ("networking.istio.io/v1", "WorkloadEntry", {"address": "X"}),
    "AuthorizationPolicy.ipBlocks": (
        "security.istio.io/v1",
        "AuthorizationPolicy",
        {"rules": [{"from": [{"source": {"ipBlocks": ["X"]}}]}]},
    ),
    "AuthorizationPolicy.ports": (
        "security.istio.io/v1",
        "AuthorizationPolicy",
        {"rules": [{"to": [{"operation": {"ports": ["X"]}}]}]},
    ),
    "RequestAuthentication.jwksUri": (
        "security.istio.io/v1",
        "RequestAuthentication",
        {"jwtRules": [{"issuer": "a", "jwksUri": "https://X:a"}]},
    ),
    "WasmPlugin.url": ("extensions.istio.io/v1alpha1", "WasmPlugin", {"url": "ftp://X"}),
    "PeerAuthentication.mode": ("security.istio.io/v1", "PeerAuthentication", {"mtls": {"mode": "X"}}),
}
FORMS = [
    "__HOST__",
    "%HOST%",
    "@HOST@",
    "<HOST>",
    "$(HOST)",
    "${HOST}",
    "$HOST",
    "{{ .host }}",
    "#{HOST}#",
    "REPLACE_ME",
]
MISTAKES = ["*.foo.*", "re_views_", "100%", "a b", "$host", "[a]", "a<b"]


def _errors(kind: str, text: str) -> list[str]:
    api_version, name, spec = KINDS[kind]
    document = {"apiVersion": api_version, "kind": name, "metadata": {"name": "a"}, "spec": spec}
    found = findings(json.dumps(document).replace("X", text), options="--scope partial")
    return [item.rule for item in found if item.severity.value == "error"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_filled_in_later_is_no_error(kind: str, form: str) -> None:
    assert not _errors(kind, form)


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in {"RequestAuthentication.jwksUri", "WasmPlugin.url"}]
)
def test_mistakes_are_errors(kind: str, mistake: str) -> None:
    assert _errors(kind, mistake)


def test_settings_of_the_mesh() -> None:
    lines = [
        "trustDomain: <DOMAIN>",
        "connectTimeout: ${TIMEOUT}",
        "enableTracing: $(TRACING)",
        "trustDomainAliases: ['*.foo.*']",
    ]
    mesh = "".join(f"    {line}\n" for line in lines)
    text = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: istio, namespace: istio-system}}\ndata:\n  mesh: |\n{mesh}"
    )
    found = findings(text.replace("    enableTracing: $(TRACING)\n", ""), options="--scope partial")
    assert [item.rule for item in found if item.severity.value == "error"] == ["ML125"]
    assert not [item.rule for item in findings(text, options="--scope partial") if item.rule == "ML102"]


def test_values_of_headers_hold_variables_of_envoy() -> None:
    """`%NAME%` is no placeholder there."""

    def errors(value: str) -> list[str]:
        route = {"headers": {"request": {"set": {"x-a": value}}}, "route": [{"destination": {"host": "a"}}]}
        spec = {"hosts": ["a.b"], "http": [route]}
        document = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": {"name": "a"}}
        return [item.rule for item in findings(json.dumps(document | {"spec": spec}), options="--scope partial")]

    assert errors("%PROTOCOL% 50%") == ["ML110"]
    assert errors("%PROTOCOL% 50%%") == []
    assert errors("${VALUE} 50%") == []
