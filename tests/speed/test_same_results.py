"""However a run gets its results, they are the same, byte for byte: by one process or several, from the cache or
anew, with the fast reader or the full one."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from support import ROOT, all_rules, shared

from benchmarks import corpus
from examples import examples
from meshlint.registry import load

WAYS = [("-j", "3"), ("--strict-yaml",), ("-j", "2", "--strict-yaml")]


def run(paths: Iterable[Path], *options: str, **more: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "meshlint", "-f", "json", "--select", "ML", *options, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **more}, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every example of every rule, a file each, and what is odd in encoding and form."""
    folder = tmp_path_factory.mktemp("pages")
    for meta in all_rules().values():
        for number, example in enumerate(examples(load(meta.module).page)):
            for part, text in enumerate(example.texts):
                (folder / f"{meta.code}-{number}-{part}.yaml").write_text(text, encoding="utf-8")
    (folder / "latin.yaml").write_bytes(b"a: \xe9\n")
    (folder / "large.yaml").write_text(f"apiVersion: a.b/v1\nkind: C\nn: {2**70}\nd: {'[' * 400}{']' * 400}\n")
    (folder / "fences.md").write_text("```yaml\na: b: c\n```\n```yaml\nkind: Pod\napiVersion: v1\n```\n")
    (folder / "template.yaml").write_text("a: {{ .Values.a }}\n")
    return folder


def inputs(name: str, pages: Path, folder: Path) -> list[Path]:
    if name == "examples":
        return [ROOT / "examples"]
    if name == "rules":
        return [pages, pages / "fences.md", pages / "missing.yaml"]
    if name == "corpus":
        corpus.write(folder / "corpus", 60)
        return [folder / "corpus"]
    cases = shared()
    if cases is None:
        pytest.skip("no reference material here")
    return [cases / "cases", cases / "tutorial"]


@pytest.mark.parametrize("name", ["examples", "rules", "corpus", "cases"])
def test_every_way_gives_the_same(name: str, pages: Path, tmp_path: Path) -> None:
    paths = inputs(name, pages, tmp_path)
    plain = run(paths, "-j", "1", "--no-cache")
    assert '"version": 1' in plain[1]
    for options in WAYS:
        assert run(paths, *options, "--no-cache") == plain, options
    cache = str(tmp_path / "cache")
    for options in ((), (), ("-j", "2")):
        assert run(paths, *options, "--cache", cache) == plain, ("cache", options)
