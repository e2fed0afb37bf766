"""`proxyVersion` of an EnvoyFilter: since 1.31 a long one is ignored, and so not even read."""

import pytest
from support import findings

ENVOY_FILTER = """\
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {{name: a, namespace: shop}}
spec:
  configPatches:
  - applyTo: CLUSTER
    match: {{proxy: {{proxyVersion: "{version}"}}}}
    patch: {{operation: REMOVE}}
"""


@pytest.mark.parametrize(
    ("version", "release", "rules"),
    [
        ("a" * 1024, "1.31", []),
        ("a" * 1025, "1.31", ["ML813"]),
        ("a" * 1025, "1.30", []),
        ("(" + "a" * 1023, "1.31", ["ML117"]),
        ("(" + "a" * 1024, "1.31", ["ML813"]),
        ("(" + "a" * 1024, "1.30", ["ML117"]),
    ],
)
def test_length(version: str, release: str, rules: list[str]) -> None:
    found = findings(ENVOY_FILTER.format(version=version), options=f"--scope partial --istio-version {release}")
    assert [item.rule for item in found] == rules
