"""The cache: what is taken from it, what is not, and how much room it takes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from support import ROOT, all_rules

from benchmarks import corpus
from meshlint import cache, mapping
from meshlint.engine import Input, Settings, lint
from meshlint.mapping import Means
from meshlint.report.model import Report
from meshlint.selection import select
from meshlint.sources import Files, discover, stock

ODD = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: odd}
spec: {hosts: [odd.example.com], htp: []}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small repository with a finding, and the cache beside it."""
    corpus.write(tmp_path / "in", 4)
    (tmp_path / "in" / "odd.yaml").write_text(ODD)
    (tmp_path / "in" / "bad.yaml").write_text("a: [1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cache, "_code", lambda: iter(()))  # a checkout in which somebody works changes all the time
    return tmp_path


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the sources that are judged, not taken from the cache."""
    paths: list[str] = []
    judge = mapping.judge

    def remembering(source, *others, **more):
        paths.append(source.path)
        return judge(source, *others, **more)

    monkeypatch.setattr(mapping, "judge", remembering)
    return paths


def run(folder: Path, **changes: object) -> Report:
    settings = Settings(select(all_rules().values()), means=Means(cache=str(folder / "cache")))
    files = Files(discover([str(folder / "in")]).files, [])
    return lint(Input(files), msgspec.structs.replace(settings, **changes))


def said(report: Report) -> object:
    return list(report.findings), report.summary


def stored(folder: Path) -> list[Path]:
    return sorted((folder / "cache").glob("*.meshlint-cache"))


def test_a_second_run_judges_nothing_again_and_says_the_same(folder: Path, judged: list[str]) -> None:
    first = said(run(folder))
    assert len(judged) == 10
    judged.clear()
    assert said(run(folder)) == first
    assert judged == []


def test_only_what_changed_is_judged_again(folder: Path, judged: list[str]) -> None:
    run(folder)
    judged.clear()
    (folder / "in" / "odd.yaml").write_text(ODD.replace("name: odd", "name: even"))
    (folder / "in" / "new.yaml").write_text((folder / "in" / "bad.yaml").read_text())
    run(folder)
    assert judged == ["in/new.yaml", "in/odd.yaml"]


@pytest.mark.parametrize(
    "changes",
    [
        {"strict_yaml": True},
        {"target": msgspec.structs.replace(Settings(select([])).target, istio="1.24")},
        {"selection": select(all_rules().values(), only=("ML1",))},
        {"options": {"ML340": {"min-factor": 4}}},
    ],
    ids=["reader", "release", "rules", "options"],
)
def test_what_results_depend_on_is_never_mixed(changes: dict[str, object], folder: Path, judged: list[str]) -> None:
    run(folder)
    judged.clear()
    run(folder, **changes)
    assert len(judged) == 10


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-20],
        lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
        lambda data: b"something else\n" + data,
        lambda data: data.replace(b"meshlint cache 1", b"meshlint cache 9"),
    ],
    ids=["empty", "cut", "flipped", "foreign", "other version"],
)
def test_a_damaged_file_counts_as_none(damage, folder: Path, judged: list[str]) -> None:
    first = said(run(folder))
    (file,) = stored(folder)
    file.write_bytes(damage(file.read_bytes()))
    judged.clear()
    assert said(run(folder)) == first
    assert len(judged) == 10
    judged.clear()
    run(folder)
    assert judged == []


def test_entries_of_another_form_are_judged_again(folder: Path, judged: list[str]) -> None:
    first = said(run(folder))
    (file,) = stored(folder)
    body = msgspec.msgpack.encode(dict.fromkeys(cache._load(str(file)), b"\x93\x01\x02\x03"))
    cache._write(str(file.parent), str(file), body)
    judged.clear()
    assert said(run(folder)) == first
    assert len(judged) == 10


def test_runs_side_by_side_disturb_nobody(folder: Path) -> None:
    command = [sys.executable, "-m", "meshlint", "--cache", "cache", "-f", "json", "in"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    outputs = {process.communicate(timeout=120) for process in runs}
    assert len(outputs) == 1
    assert [path.suffix for path in (folder / "cache").iterdir() if "meshlint-cache" in path.name] == [
        ".meshlint-cache"
    ]


def test_a_folder_that_cannot_be_written_is_no_harm(folder: Path) -> None:
    (folder / "cache").write_text("a file")
    assert run(folder).findings


def test_the_oldest_files_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_ALL", 250)
    now = time.time()
    for name, age in (("new", 0), ("old", 100), ("older", 200), ("ancient", 40 * 86400)):
        path = tmp_path / f"{name}.meshlint-cache"
        path.write_bytes(b"x" * 100)
        os.utime(path, (now - age, now - age))
    cache._write(str(tmp_path), str(tmp_path / "mine.meshlint-cache"), b"x" * 50)
    assert {path.stem for path in tmp_path.glob("*.meshlint-cache")} == {"mine", "new", "old"}


def test_a_file_that_changes_before_the_report_is_reported_at_its_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "_ROOM", 0)
    count = len(discover([str(folder / "in")]).files)

    def change(done: int) -> None:
        if done == count:
            odd = folder / "in" / "odd.yaml"
            odd.write_text("# a line more\n" + odd.read_text())

    settings = Settings(select(all_rules().values()))
    report = lint(Input(Files(discover([str(folder / "in")]).files, [])), settings, change)
    places = {(item.path, item.region.line, item.region.column) for item in report.findings}
    assert ("in/odd.yaml", 1, 1) in places
    assert {line for path, line, _ in places if path == "in/odd.yaml"} == {1}
    assert report.lines("in/odd.yaml") is None
    assert report.lines("in/bad.yaml") == ["a: [1", ""]
