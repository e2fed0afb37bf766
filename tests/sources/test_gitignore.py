"""Patterns of .gitignore files, as gitignore(5) defines them."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from meshlint.sources import discover, gitignore


def ignored(patterns: list[str], path: str) -> bool:
    """Whether the patterns ignore a path, or a folder above it, as a walk would see it."""
    rules = gitignore.parse(patterns)
    parts = path.rstrip("/").split("/")
    for depth in range(1, len(parts) + 1):
        folder = depth < len(parts) or path.endswith("/")
        if rules.decide("/".join(parts[:depth]), folder=folder):
            return True
    return False


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        # names, at any depth
        (["a.yaml"], "a.yaml", True),
        (["a.yaml"], "x/y/a.yaml", True),
        (["a.yaml"], "a.yaml/b.yaml", True),
        (["a.yaml"], "aXyaml", False),
        (["a"], "ab", False),
        # wildcards stay within a name
        (["*.yaml"], "x/a.yaml", True),
        (["*.yaml"], "a.yml", False),
        (["*.yaml/"], "a.yaml", False),
        (["*.yaml/"], "a.yaml/", True),
        (["a*"], "x/abc", True),
        (["a*c"], "abc", True),
        (["a*c"], "abcd", False),
        (["?.yaml"], "a.yaml", True),
        (["?.yaml"], "ab.yaml", False),
        (["*"], "x/y", True),
        (["x/*"], "x/y", True),
        (["x/*.yaml"], "x/y/a.yaml", False),
        # brackets
        (["[ab].yaml"], "a.yaml", True),
        (["[ab].yaml"], "c.yaml", False),
        (["[!ab].yaml"], "c.yaml", True),
        (["[^ab].yaml"], "a.yaml", False),
        (["[a-c]x"], "bx", True),
        (["[a-]x"], "-x", True),
        (["[]a]x"], "]x", True),
        (["[!]a]x"], "]x", False),
        (["[[:digit:]]x"], "1x", True),
        (["[[:digit:]]x"], "ax", False),
        (["[[:nonsense:]]x"], "ax", False),
        (["[\\]]x"], "]x", True),
        (["[a"], "[a", False),
        (["[c-a]"], "b", False),
        (["[a&&b]"], "&", True),
        # anchors: a slash at the start or in the middle
        (["/a.yaml"], "a.yaml", True),
        (["/a.yaml"], "x/a.yaml", False),
        (["x/a.yaml"], "x/a.yaml", True),
        (["x/a.yaml"], "y/x/a.yaml", False),
        (["/x/"], "x/a.yaml", True),
        (["/x/"], "y/x/a.yaml", False),
        (["/*.yaml"], "a.yaml", True),
        (["/*.yaml"], "x/a.yaml", False),
        # a slash at the end: folders only
        (["build/"], "build/a.yaml", True),
        (["build/"], "x/build/a.yaml", True),
        (["build/"], "build", False),
        # two stars
        (["**/a.yaml"], "a.yaml", True),
        (["**/a.yaml"], "x/y/a.yaml", True),
        (["**/x/a.yaml"], "z/x/a.yaml", True),
        (["x/**"], "x/y/a.yaml", True),
        (["x/**"], "x", False),
        (["x/**/a.yaml"], "x/a.yaml", True),
        (["x/**/a.yaml"], "x/y/z/a.yaml", True),
        (["x/**/a.yaml"], "y/a.yaml", False),
        (["x**y"], "xaby", True),
        (["x**y"], "xa/by", False),
        (["**"], "a", True),
        (["**/"], "a", False),
        (["a/**/b/**/c"], "a/x/b/y/b/z/c", True),
        (["a/**/b/**/c"], "a/x/y/z/c", False),
        # the last match decides, and a folder that is ignored stays so
        (["*.yaml", "!a.yaml"], "a.yaml", False),
        (["*.yaml", "!a.yaml"], "b.yaml", True),
        (["!a.yaml", "*.yaml"], "a.yaml", True),
        (["*.yaml", "!a.yaml", "/a.yaml"], "a.yaml", True),
        (["build/", "!build/a.yaml"], "build/a.yaml", True),
        (["build/*", "!build/a.yaml"], "build/a.yaml", False),
        (["/*", "!/x"], "x/a.yaml", False),
        # comments, blanks, escapes, line ends
        (["# a.yaml"], "a.yaml", False),
        (["\\#a"], "#a", True),
        (["\\!a"], "!a", True),
        (["", "   ", "/", "!"], "a", False),
        (["a.yaml  "], "a.yaml", True),
        (["a\\ "], "a ", True),
        (["a.yaml\r\n"], "a.yaml", True),
        (["a.yaml\t"], "a.yaml", False),
        (["\\*"], "*", True),
        (["\\*"], "a", False),
        (["a\\b"], "ab", True),
        (["a\\"], "a\\", False),
        (["a.b+c(d)"], "a.b+c(d)", True),
        (["a.b+*(d)"], "a.b+c(d)", True),
        (["caf\u00e9*"], "caf\u00e9.yaml", True),
    ],
)
def test_patterns(patterns: list[str], path: str, expected: bool) -> None:
    assert ignored(patterns, path) is expected


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("*a" * 60 + "b", "a" * 250, id="stars"),
        pytest.param("**/" * 60 + "b", "a/" * 500 + "c", id="double stars"),
        pytest.param("a/" + "**/a/" * 30 + "b", "a/" * 1000 + "c", id="double stars with names"),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    assert gitignore.parse([pattern]).decide(path, folder=False) is None


ATOMS = [
    *"ab*?",
    "ab",
    "**",
    "a*",
    "*b",
    "[ab]",
    "[!a]",
    "\\*",
    "a\\b",
    "*.yaml",
    "x.yaml",
    "[[:alpha:]]",
    "a**b",
    "*a*b*",
]
ATOMS += ["[]a]", "[a-]", "\\", ".yaml", " ", "a ", "a\\ "]
FOLDERS = ["a", "b", "ab", "aab", "c", "x", "-", "]", "a b", "a "]
FILES = ["a.yaml", "b.yaml", "x.yaml", "ab.yaml", "*.yaml", "c.yaml", "axb.yaml"]


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")
@pytest.mark.parametrize("seed", range(25))
def test_a_walk_finds_what_git_would_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    _grow(tmp_path, random.Random(seed), depth=0)
    monkeypatch.chdir(tmp_path)
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "HOME": str(tmp_path),
    }
    subprocess.run(["git", "init", "-q"], env=environment, check=True)
    command = ["git", "ls-files", "-z", "--others", "--exclude-standard"]
    listed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split("\0")
    assert [file.path for file in discover(["."]).files] == sorted(path for path in listed if path.endswith(".yaml"))


def _grow(folder: Path, rng: random.Random, depth: int) -> None:
    for name in rng.sample(FILES, 3):
        (folder / name).touch()
    if depth == 0 or rng.random() < 0.4:
        (folder / ".gitignore").write_text("\n".join(_pattern(rng) for _ in range(rng.randint(1, 5))))
    if depth < 3:
        for name in rng.sample(FOLDERS, 2):
            (folder / name).mkdir()
            _grow(folder / name, rng, depth + 1)


def _pattern(rng: random.Random) -> str:
    body = "/".join(rng.choice(ATOMS) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    return rng.choice(["", "", "", "!", "/", "#"]) + body + rng.choice(["", "", "/", "/**", " "])
