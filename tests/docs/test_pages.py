"""A newcomer's path: every command that README and docs show is run, and prints what they show.

`SNAPSHOT_UPDATE=1 pytest tests/docs` writes the output of today into the pages (but not where a page
leaves lines out with `...`); a reader reviews the diff.
"""

import os
import re
from pathlib import Path

import pytest
from docs.pages import PAGES, Command, Fence, Session, agrees, commands, fences, runs, told
from support import ROOT, all_rules

from meshlint.cli.main import COMMANDS, group

TOLD = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in PAGES]


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in PAGES if runs(path)])
def test_what_a_page_shows_is_what_is_printed(path: Path, tmp_path: Path) -> None:
    session = Session(tmp_path)
    today = {}
    for fence in fences(path):
        if fence.title:
            session.write(fence)
        if fence.language == "console" and not fence.reason:
            today[fence] = "".join(_run(session, command, f"{path}:{fence.line}") for command in commands(fence))
    _write(path, {fence: text for fence, text in today.items() if text != fence.text})


def _run(session: Session, command: Command, place: str) -> str:
    """Run a command; the text that the page should show."""
    printed = session.run(command.line)
    if agrees(printed, command.printed):
        return f"$ {command.line}\n{command.printed}"
    failure = f"{place}: $ {command.line}\n{printed}"
    assert os.environ.get("SNAPSHOT_UPDATE"), failure
    assert "..." not in command.printed.splitlines(), failure
    return f"$ {command.line}\n{told(printed, command.printed)}"


def _write(path: Path, today: dict[Fence, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for fence, fresh in sorted(today.items(), key=lambda item: -item[0].begin):
        text = text[: fence.begin] + fresh + text[fence.begin + len(fence.text) :]
    if today:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("printed", "shown", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\nb\nc\n", "a\n...\n", True),
        ("a\nb\nc\n", "...\nc\n", True),
        ("a\nb\nc\n", "a\n...\nb\n", False),
        ("a\n", "", False),
        ("", "", True),
        ("a.b", "a.b\n", True),
        ("axb", "a.b\n", False),
        ("a\nnot judged: 1 reference\n", "a\n", True),
        ("a\nnot judged: 1 reference\n", "a\nnot judged: 2 references\n", False),
    ],
)
def test_agreement(printed: str, shown: str, same: bool) -> None:
    assert agrees(printed, shown) is same


def test_blocks_of_the_console_are_run_or_say_why_not() -> None:
    """A block that cannot be run has its reason; a block `sh` is for what is not meshlint's."""
    blocks = [(path, fence) for path in PAGES for fence in fences(path)]
    for path, fence in blocks:
        if fence.language == "console":
            assert fence.reason or list(commands(fence)), f"{path}:{fence.line}: no command"
        elif fence.language in {"sh", "bash", "shell", ""}:
            assert not re.search(r"^\$ (meshlint|make)\b", fence.text, re.M), f"{path}:{fence.line}: mark it `console`"
    assert any(fence.language == "console" for _, fence in blocks)


@pytest.mark.parametrize("path", TOLD)
def test_options_that_a_page_names_exist(path: Path) -> None:
    known = {option for name in COMMANDS for option in _options(name)} | {"--version", "--help"}
    text = path.read_text(encoding="utf-8")
    named = {
        match
        for span in re.findall(r"`(?:meshlint )?(--[^`]+)`", text)
        for match in re.findall(r"(?<!-)--[a-z][a-z-]+", span)
    }
    foreign = {"--check", "--record", "--use-kube", "--strict"}  # of tools/ and of istioctl
    assert named - foreign <= known


def _options(name: str) -> set[str]:
    import click

    command = group.get_command(click.Context(group), name)
    assert command is not None
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("path", TOLD)
def test_rules_that_a_page_names_exist(path: Path) -> None:
    """By code; ML003 is the engine's own, ML299 and ML950 stand for rules of the reader's."""
    named = set(re.findall(r"\bML\d{3}\b", path.read_text(encoding="utf-8")))
    assert named - {"ML003", "ML139", "ML299", "ML950"} <= set(all_rules())


@pytest.mark.parametrize("path", [path for path in PAGES if path.parent == ROOT or path.parts[-3] == "examples"])
def test_links_lead_somewhere(path: Path) -> None:
    """Of the files in the root and of the examples; those of docs/ are checked when the site is built."""
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"(?:\]\(|src=\"|href=\")([^)\"#\s]+)", text):
        if not target.startswith(("http:", "https:")):
            assert (path.parent / target).exists(), target
