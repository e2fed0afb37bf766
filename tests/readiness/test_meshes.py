"""The meshes of tests/meshes, each with its whole report: what `meshlint readiness` says of twelve situations.

Each report was reviewed against what Istio does, step by step; the head of each mesh names the steps.
`SNAPSHOT_UPDATE=1 pytest tests/readiness` writes them anew, and a reader reviews the difference.
"""

import os

import pytest
from support import ROOT

from meshlint.cli.main import run

MESHES = ROOT / "tests" / "meshes"
NAMES = sorted(path.parent.name for path in MESHES.glob("*/mesh.yaml"))

EXIT_CODES = {"two-trust-domains": 0, "egress-gateway": 0, "port-exception": 0}
"""Of the meshes that are ready, with or without exceptions; the others give 1."""


@pytest.mark.parametrize("name", NAMES)
def test_report(name, monkeypatch, capsys):
    monkeypatch.chdir(MESHES / name)
    monkeypatch.setenv("COLUMNS", "100")
    code = run(["readiness", "-q", "mesh.yaml"])
    text = capsys.readouterr().out
    file = MESHES / name / "report.txt"
    if os.environ.get("SNAPSHOT_UPDATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")
    assert code == EXIT_CODES.get(name, 1)


def test_there_are_twelve():
    assert len(NAMES) == 12
