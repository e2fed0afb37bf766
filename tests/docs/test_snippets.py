"""Snippets of README and docs are what they say: YAML that can be read, configurations and hooks that are right."""

import io
from pathlib import Path
from typing import Any

import pytest
from docs.pages import PAGES, Fence, fences
from ruamel.yaml import YAML
from support import ROOT

from meshlint.cli.main import run


def _all(*languages: str) -> list[Any]:
    return [
        pytest.param(fence, id=f"{path.relative_to(ROOT)}:{fence.line}")
        for path in PAGES
        for fence in fences(path)
        if fence.language in languages
    ]


def _read(text: str) -> list[Any]:
    return list(YAML(typ="safe", pure=True).load_all(io.StringIO(text)))


@pytest.mark.parametrize("fence", _all("yaml", "yml"))
def test_yaml_can_be_read(fence: Fence) -> None:
    assert _read(fence.text)


@pytest.mark.parametrize("fence", [each for each in _all("yaml") if each.values[0].title == ".meshlint.yaml"])
def test_a_configuration_holds(
    fence: Fence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read as a run reads it; rules and baselines of its own are another test's (the page is run)."""
    names = ("rules-dir", "unowned-route", "baseline")
    text = "".join(line for line in fence.text.splitlines(keepends=True) if not any(name in line for name in names))
    text = "" if text.strip().endswith("rules:") else text
    (tmp_path / ".meshlint.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["config"]) == 0, capsys.readouterr().err


def test_the_action_has_the_inputs_that_are_shown() -> None:
    action = _read((ROOT / "action.yml").read_text(encoding="utf-8"))[0]
    steps = [
        step
        for path in PAGES
        for fence in fences(path)
        if fence.language == "yaml" and "meshlint/meshlint@" in fence.text
        for job in _read(fence.text)[0]["jobs"].values()
        for step in job["steps"]
    ]
    shown = {key for step in steps if step.get("uses", "").startswith("meshlint/") for key in step.get("with", {})}
    assert shown
    assert shown <= set(action["inputs"])


def test_the_hooks_that_are_shown_exist() -> None:
    hooks = {hook["id"] for hook in _read((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]}
    shown = {
        hook["id"]
        for path in PAGES
        for fence in fences(path)
        if fence.language == "yaml" and fence.text.startswith("repos:")
        for repository in _read(fence.text)[0]["repos"]
        for hook in repository["hooks"]
    }
    assert shown == hooks
