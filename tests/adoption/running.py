"""Running the command line in a folder made for a test."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from meshlint.cli.main import run


class Ran(NamedTuple):
    """What a run wrote and its exit code."""

    code: int
    out: str
    err: str

    def codes(self) -> list[str]:
        """`path:line CODE` of every finding on stdout, as the text format has them."""
        return [f"{place.rpartition(':')[0]} {words.split()[1]}" for place, words in map(_split, self.out.splitlines())]


def _split(line: str) -> tuple[str, str]:
    place, _, words = line.partition(": ")
    return place, words


class Shop:
    """A folder with files, and the command line run in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def write(self, path: str, text: str) -> Path:
        """Write a file and the folders it lies in."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def lint(self, *arguments: str, cwd: str = ".") -> Ran:
        """Run `meshlint` with these arguments in the folder (or one inside)."""
        self._monkeypatch.chdir(self.folder / cwd)
        self._capsys.readouterr()
        code = run(list(arguments))
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def git(self, *arguments: str) -> str:
        """Run git in the folder."""
        command = ["git", "-c", "user.name=shop", "-c", "user.email=shop@example.com", *arguments]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True, env=environment)
        return done.stdout


LONE = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
  namespace: shop
spec:
  hosts: [{name}]
  http:
  - route:
    - destination: {{host: {name}}}
      weight: 50{comment}
"""
"""A VirtualService with exactly one finding: ML205 `lone-weight` (KIA1104), in its last line."""


def lone(name: str = "reviews", comment: str = "") -> str:
    """The text of `LONE`."""
    return LONE.format(name=name, comment=comment)
