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
from meshlint import cache, engine, mapping
from meshlint.engine import Input, Settings, lint
from meshlint.mapping import Means
from meshlint.mesh.context import External, Scope
from meshlint.mesh.mesh import Mesh
from meshlint.report.model import Report
from meshlint.selection import select
from meshlint.sources import Files, discover, stock
from meshlint.sources.kustomizations import Kustomizations

ODD = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: odd}
spec: {hosts: [odd.example.com], htp: []}
"""
LOST = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: lost, namespace: checkout-0}
spec:
  hosts: [lost.example.com]
  http:
  - route:
    - destination: {host: svc-99.checkout-0.svc.cluster.local}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: far, namespace: checkout-0}
spec:
  hosts: [far.example.com]
  http:
  - route:
    - destination: {host: far.elsewhere.svc.cluster.local}
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


@pytest.fixture
def reduced(monkeypatch: pytest.MonkeyPatch) -> list[Mesh]:
    """The meshes that rules are run over, not taken from the cache."""
    meshes: list[Mesh] = []
    reduce = engine.reduce

    def remembering(mesh, rules, jobs):
        meshes.append(mesh)
        return reduce(mesh, rules, jobs)

    monkeypatch.setattr(engine, "reduce", remembering)
    return meshes


def run(folder: Path, **changes: object) -> Report:
    settings = Settings(select(all_rules().values()), means=Means(cache=str(folder / "cache")))
    discovered = discover([str(folder / "in")])
    given = Input(Files(discovered.files, []), builds=Kustomizations([discovered]))
    return lint(given, msgspec.structs.replace(settings, **changes))


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


def test_a_mesh_that_did_not_change_is_not_judged_again(folder: Path, reduced: list[Mesh]) -> None:
    (folder / "in" / "lost.yaml").write_text(LOST)
    first = run(folder)
    assert said(run(folder)) == said(first)
    assert "ML206" in {item.rule for item in first.findings}
    assert first.summary.unknown
    assert len(reduced) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": Scope.COMPLETE},
        {"namespace": "shop"},
        {"external": External(hosts=("*.example.com",))},
        {"mesh_config": {"trustDomain": "example.com"}},
        {"options": {"ML340": {"min-factor": 4}}},
    ],
    ids=["scope", "namespace", "external", "mesh config", "options"],
)
def test_what_the_mesh_is_told_counts(changes: dict[str, object], folder: Path, reduced: list[Mesh]) -> None:
    run(folder)
    run(folder, **changes)
    assert len(reduced) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("odd.yaml", ODD.replace("odd.example.com", "even.example.com")),
        ("new.yaml", LOST),
        ("kustomization.yaml", "namespace: other\nresources: [odd.yaml]\n"),
    ],
    ids=["a file changed", "a file more", "a kustomization"],
)
def test_whatever_the_mesh_is_made_of_counts(name: str, text: str, folder: Path, reduced: list[Mesh]) -> None:
    run(folder)
    (folder / "in" / name).write_text(text)
    changed = run(folder)
    assert len(reduced) == 2
    assert said(run(folder)) == said(changed)
    assert len(reduced) == 2


def test_of_a_kustomization_its_content_counts(folder: Path, reduced: list[Mesh]) -> None:
    kustomization = folder / "in" / "kustomization.yaml"
    kustomization.write_text("namespace: one\nresources: [odd.yaml]\n")
    run(folder)
    kustomization.write_text("namespace: two\nresources: [odd.yaml]\n")
    run(folder)
    assert len(reduced) == 2


def test_damaged_results_of_a_mesh_count_as_none(folder: Path, reduced: list[Mesh]) -> None:
    first = said(run(folder))
    (file,) = (folder / "cache").glob("*.meshlint-cache-mesh")
    for body in (b"", b"\x93\x01\x02\x03", msgspec.msgpack.encode({"key": b"", "results": [1], "unknown": {}})):
        cache._write(str(file.parent), str(file), body)
        reduced.clear()
        assert said(run(folder)) == first
        assert len(reduced) == 1


def test_what_failed_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Mesh, "judged", property(_crashing))
        assert "ML003" in {item.rule for item in run(folder).findings}
    assert "ML003" not in {item.rule for item in run(folder).findings}


def _crashing(mesh: Mesh):
    for entry in mesh.entries:
        for index in ("destination_rules", "hosts"):
            vars(mesh)[index] = None
        yield entry


def test_runs_side_by_side_disturb_nobody(folder: Path) -> None:
    command = [sys.executable, "-m", "meshlint", "--cache", "cache", "-f", "json", "in"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    outputs = {process.communicate(timeout=120) for process in runs}
    assert len(outputs) == 1
    names = [path.name for path in (folder / "cache").iterdir() if "meshlint-cache" in path.name]
    assert sorted(name.partition(".")[2] for name in names) == ["meshlint-cache", "meshlint-cache-mesh"]


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
    monkeypatch.setattr(stock, "_ROOM", -1)
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
