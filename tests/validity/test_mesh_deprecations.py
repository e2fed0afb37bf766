"""Of every deprecated field of mesh config, the message says whether istiod still reads it, as far as that is known."""

import pytest
from support import findings

IGNORED = "istiod ignores it"
READ = "istiod still reads it"

PROVIDERS = {
    "lightstep": "lightstep: {service: a, port: 80}",
    "opencensus": "opencensus: {service: a, port: 80}",
    "includeHeadersInCheck": "envoyExtAuthzHttp: {service: b, port: 80, includeHeadersInCheck: [a]}",
    "debug": "stackdriver: {debug: true}",
}


def _message(config: str, release: str) -> str:
    lines = "".join(f"    {line}\n" for line in config.splitlines())
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: istio, namespace: istio-system}}\ndata:\n  mesh: |\n{lines}"
    (found,) = findings(text, only=("ML107",), options=f"--istio-version {release}")
    return str(found.message)


@pytest.mark.parametrize(
    ("config", "release", "said"),
    [
        ("certificates: []", "1.31", IGNORED),
        ("certificates: []", "1.20", None),
        ("verifyCertificateAtClient: true", "1.31", IGNORED),
        ("thriftConfig: {}", "1.20", IGNORED),
        ("defaultConfig: {discoveryRefreshDelay: 10s}", "1.31", IGNORED),
        ("defaultConfig: {zipkinAddress: 'a:80'}", "1.31", IGNORED),
        ("defaultConfig: {envoyMetricsServiceAddress: 'a:80'}", "1.31", IGNORED),
        ("defaultConfig: {availabilityZone: a}", "1.31", IGNORED),
        ("defaultConfig: {sds: {}}", "1.31", IGNORED),
        ("defaultConfig: {extraStatTags: [a]}", "1.31", READ),
        ("defaultConfig: {parentShutdownDuration: 5s}", "1.20", IGNORED),
        ("defaultConfig: {proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: 'true'}}", "1.25", READ),
        ("defaultConfig: {tracing: {openCensusAgent: {address: a}}}", "1.25", IGNORED),
        ("defaultConfig: {tracing: {stackdriver: {}}}", "1.31", IGNORED),
        ("defaultConfig: {tracing: {lightstep: {address: a}}}", "1.31", IGNORED),
        ("defaultConfig: {tracing: {lightstep: {address: a}}}", "1.25", None),
    ],
)
def test_fields(config: str, release: str, said: str | None) -> None:
    message = _message(config, release)
    assert [text for text in (IGNORED, READ) if text in message] == ([said] if said else [])


@pytest.mark.parametrize(
    ("field", "release", "said"),
    [
        ("lightstep", "1.26", READ),
        ("lightstep", "1.27", IGNORED),
        ("opencensus", "1.22", READ),
        ("opencensus", "1.23", IGNORED),
        ("includeHeadersInCheck", "1.31", READ),
        ("debug", "1.31", IGNORED),
    ],
)
def test_fields_of_providers(field: str, release: str, said: str) -> None:
    assert said in _message(f"extensionProviders:\n- name: a\n  {PROVIDERS[field]}", release)
