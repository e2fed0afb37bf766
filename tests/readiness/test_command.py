"""`meshlint readiness` as a command: formats, outputs, exit codes, input that cannot be read."""

import itertools
import json

import pytest
from meshes import authentication, namespace, pod, rule, service
from support import shared

from meshlint.cli.main import run

READY = namespace("shop") + pod("web") + service("web")
BROKEN = READY + rule("web", "web", "{tls: {mode: DISABLE}}")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ready.yaml").write_text(READY)
    (tmp_path / "broken.yaml").write_text(BROKEN)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ready.yaml"], 0),
        (["broken.yaml"], 1),
        (["broken.yaml", "--only", "bank"], 0),
        (["ready.yaml", "missing.yaml"], 2),
        (["ready.yaml", "--target", "PERMISSIVE"], 2),
        (["ready.yaml", "--target", "strict"], 0),
        (["ready.yaml", "-f", "sarif"], 2),
        (["ready.yaml", "-o", "no/such/folder"], 2),
        (["ready.yaml", "--scope", "whole"], 2),
    ],
)
def test_exit_code(folder, arguments, code):
    assert run(["readiness", *arguments]) == code


@pytest.mark.parametrize("form", ["console", "json", "markdown"])
def test_formats_say_the_same(folder, form, capsys):
    assert run(["readiness", "-f", form, "broken.yaml"]) == 1
    text = capsys.readouterr().out
    assert "not ready" in text
    assert "`mode: DISABLE` of the DestinationRule `web`" in text
    assert "port-forward" in text


def test_json_holds_places_and_policies(folder, capsys):
    run(["readiness", "-f", "json", "broken.yaml"])
    report = json.loads(capsys.readouterr().out)
    [reason] = [item for scope in report["namespaces"] for work in scope["workloads"] for item in work["reasons"]]
    assert (reason["check"], reason["level"], reason["location"]["path"]) == ("R3", "blocker", "broken.yaml")
    line = (folder / "broken.yaml").read_text().splitlines()[reason["location"]["line"] - 1]
    assert line[reason["location"]["column"] - 1 : reason["location"]["endColumn"] - 1] == "DISABLE"
    assert report["waiting"] == ["shop"]
    assert report["steps"] == []


def test_a_file_of_its_own(folder, capsys):
    assert run(["readiness", "-f", "markdown", "-o", "report.md", "ready.yaml"]) == 0
    assert capsys.readouterr().out == ""
    text = (folder / "report.md").read_text()
    assert text.startswith("# Ready for STRICT mTLS: ready\n")
    assert "kind: PeerAuthentication" in text


def test_markdown_has_a_section_for_each_scope(folder, capsys):
    lost = authentication("lost", "PERMISSIVE", home="istio-system", selector="{app: web}")
    (folder / "lost.yaml").write_text(BROKEN + lost)
    run(["readiness", "-q", "-f", "markdown", "lost.yaml"])
    text = capsys.readouterr().out
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert heads == [
        "# Ready for STRICT mTLS: not ready",
        "## The whole mesh",
        "## shop: not ready",
        "## Order",
        "## Not visible in these files",
    ]
    assert all(before == "" for before, line in itertools.pairwise(text.splitlines()) if line.startswith("##"))


@pytest.mark.parametrize("mode", ["STRICT", "PERMISSIVE", "DISABLE"])
def test_policies_of_whole_scopes_in_a_kustomization(folder, mode, capsys):
    """The mesh to come lacks them: what is asked about them has to be asked of the mesh as it is."""
    (folder / "policies.yaml").write_text(
        authentication("default", mode)
        + authentication("pods", mode, selector="{app: web}")
        + authentication("mesh", mode, home="istio-system")
    )
    (folder / "kustomization.yaml").write_text("resources: [ready.yaml, policies.yaml]\nnamePrefix: team-\n")
    assert run(["readiness", "."]) in {0, 1}
    assert "meshlint itself failed" not in capsys.readouterr().err


def test_what_could_not_be_read_is_not_visible(folder, capsys):
    (folder / "bad.yaml").write_text("a: [\n")
    run(["readiness", "-q", "ready.yaml", "bad.yaml"])
    assert "bad.yaml:" in capsys.readouterr().out


def test_a_name_of_the_input_cannot_drive_a_terminal(folder, capsys):
    (folder / "evil.yaml").write_text(READY.replace("name: web", 'name: "\\e[31m|`web"'))
    run(["readiness", "-q", "evil.yaml"])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.skipif(shared() is None, reason="no reference material beside this checkout")
def test_tutorial(capsys):
    """No file of the tutorial labels its namespace: unknown, and ready once the reader says that kubectl did."""
    tutorial = str(shared() / "tutorial" / "service-meshes-with-istio.md")
    assert run(["readiness", "-q", tutorial]) == 1
    text = capsys.readouterr().out
    assert "Deployment frontend: unknown" in text
    assert "today STRICT or PERMISSIVE" in text
    assert run(["readiness", "-q", "--injected", "default", tutorial]) == 0
    assert "Deployment frontend: ready (sidecar" in capsys.readouterr().out
