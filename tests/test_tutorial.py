"""The tutorial the project started from: each of its real defects is found, and nothing else.

The table is a promise: rules that come later must not add to it. Skipped where a checkout has no
reference material.
"""

import json
from pathlib import Path

import pytest
from support import shared

from meshlint.cli.main import run

EXPECTED = {
    (329, "ML601"): "Service backend sends 8080 to pods that list 5678 only; frontend lists no ports: silent",
    (460, "ML301"): "four tries of 2s do not fit into 5s",
    (489, "ML107"): "consecutiveErrors: istiod ignores it",
    (647, "ML404"): "nothing runs as sa/frontend: Deployment frontend runs as default",
    (728, "ML304"): "a fault left in",
    (753, "ML304"): "a fault left in",
    (813, "ML401"): "PERMISSIVE left standing",
    (826, "ML207"): "a VirtualService without routes; its host in production is unknown: silent",
    (840, "ML603"): "proxyCPU on a Namespace",
    (841, "ML603"): "proxyMemory on a Namespace",
}


@pytest.mark.skipif(shared() is None, reason="no reference material beside this checkout")
def test_tutorial(tmp_path: Path) -> None:
    folder = shared()
    assert folder is not None
    report = tmp_path / "report.json"
    tutorial = folder / "tutorial" / "service-meshes-with-istio.md"
    run(["check", "-q", "--fail-on", "never", "-f", "json", "-o", str(report), str(tutorial)])
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    assert {(item["line"], item["rule"]) for item in findings} == set(EXPECTED)
    assert len(findings) == len(EXPECTED)
