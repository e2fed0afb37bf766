"""One cause, one finding: where the schema refuses a value, the webhook's rule of the kind is silent about it."""

import pytest
from support import findings

SERVICE_ENTRY = """\
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: a, namespace: shop}}
spec:
  hosts: [a.example.com]
  {rest}
"""
GATEWAY = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: a, namespace: shop}}
spec:
  servers:
  - hosts: ["*.example.com"]
    port: {{number: 443, name: a, protocol: {protocol}}}
    tls: {{{tls}}}
"""


@pytest.mark.parametrize(
    ("rest", "rule"),
    [
        ("workloadSelector: {labels: {app: a}}\n  resolution: STATIC\n  endpoints: [{address: 10.0.0.1}]", "ML104"),
        ("endpoints: [{address: 10.0.0.1}]", "ML104"),
        ("addresses: [10.0.0.0/8]\n  resolution: DNS", "ML104"),
        ("ports: [{number: 80, name: a, protocol: HTTP}, {number: 81, name: a, protocol: HTTP}]", "ML104"),
        ("ports: [{number: 80, name: a, protocol: HTTP}, {number: 80, name: b, protocol: HTTP}]", "ML104"),
        ("ports: [{number: 0, name: a, protocol: HTTP}]", "ML104"),
        ("resolution: STATIC\n  endpoints: [{address: unix://run}]", "ML104"),
        ("resolution: STATIC\n  endpoints: [{labels: {app: a}}]", "ML104"),
        ("ports: [{number: 80, name: a, protocol: HTTP3}]", "ML113"),
        ("ports: [{number: 80, name: a, protocol: HTTP}]\n  exportTo: [., shop]", "ML113"),
    ],
)
def test_service_entries(rest: str, rule: str) -> None:
    found = findings(SERVICE_ENTRY.format(rest=rest), options="--scope partial")
    assert [item.rule for item in found if item.severity.value == "error"] == [rule]


@pytest.mark.parametrize("kind", ["Gateway", "ServiceEntry", "Sidecar", "WorkloadEntry", "WorkloadGroup"])
def test_a_resource_without_spec_is_refused_once(kind: str) -> None:
    text = f"apiVersion: networking.istio.io/v1{{}}\nkind: {kind}\nmetadata: {{{{name: a, namespace: shop}}}}\n"
    for version, release in (("", "1.31"), ("beta1", "1.20")):
        found = findings(text.format(version), options=f"--scope partial --istio-version {release}")
        assert len(found) == 1, found


@pytest.mark.parametrize(
    ("protocol", "tls", "rules"),
    [
        ("HTTP", "caCertificates: ca.pem", ["ML112"]),
        ("HTTPS", "caCertificates: ca.pem", ["ML512"]),
        ("HTTPS", "mode: SIMPLE, credentialName: a, credentialNames: [b]", ["ML104"]),
        ("HTTPS", "mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_0", ["ML511"]),
    ],
)
def test_tls_of_gateways(protocol: str, tls: str, rules: list[str]) -> None:
    text = GATEWAY.format(protocol=protocol, tls=tls)
    assert [item.rule for item in findings(text, options="--scope partial")] == rules
