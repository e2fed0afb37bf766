"""Trees of files in one text, and what meshlint finds in them when run as a user would."""

import json
import re
from pathlib import Path

import pytest

from meshlint.cli.main import run

_HEAD = re.compile(r"^=== (\S+)$", re.M)


def plant(root: Path, text: str) -> None:
    """Write the files of a text: `=== path` begins each."""
    parts = _HEAD.split(text)
    for path, content in zip(parts[1::2], parts[2::2], strict=True):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content.lstrip("\n"), encoding="utf-8")


def found(root: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> set[tuple[str, int, str]]:
    """(path, line, rule) of everything found in a folder, at every severity."""
    monkeypatch.chdir(root)
    report = root / ".report.json"
    run([*(arguments or (".",)), "-q", "--fail-on", "never", "-f", "json", "-o", str(report)])
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    return {(item["path"], item["line"], item["rule"]) for item in findings}


def line_of(root: Path, path: str, text: str) -> int:
    """The first line of a file that holds a text."""
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
