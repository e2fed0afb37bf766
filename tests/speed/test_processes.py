"""What happens to the processes of a run: one that dies, Ctrl-C, and how they start where they cannot be forked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from support import ROOT, all_rules

from benchmarks import corpus
from meshlint.mapped import Mapped
from meshlint.mapping import Mapper, Task
from meshlint.parallel import shared
from meshlint.schemas.versions import Target
from meshlint.selection import select
from meshlint.sources import Files, Stock, discover

POISON = '''"""A rule that does something to the process it runs in."""
import os, signal, time
from meshlint.api import Findings, Service, Severity, rule

@rule("ML990", "deadly-service", severity=Severity.INFO, since="0.1.0")
def check(service: Service) -> Findings:
    if service.name == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    if service.name == "slow":
        time.sleep(60)
    yield from ()
'''
POISON_OF_THE_MESH = POISON.replace("Findings, Service,", "Findings, Mesh, Service,").replace(
    "(service: Service)", "(service: Service, mesh: Mesh)"
)
SERVICE = """apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
"""
CLEAN = SERVICE.replace("NAME", "fine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty files; the last of them (`NAME`) is for each test to write."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "deadly_service.py").write_text(POISON)
    (tmp_path / "in").mkdir()
    for number in range(40):
        (tmp_path / "in" / f"a{number:02}.yaml").write_text(SERVICE.replace("NAME", f"fine-{number}"))
    return tmp_path


def command(folder: Path, *options: str) -> list[str]:
    given = ["--rules-dir", str(folder / "rules"), "--no-cache", "-j", "3", *options, "in"]
    return [sys.executable, "-m", "meshlint", *given]


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_process_that_dies_is_reported_with_its_file_and_the_rest_is_judged(folder: Path) -> None:
    (folder / "in" / "y.yaml").write_text(SERVICE.replace("NAME", "deadly"))
    (folder / "in" / "z.yaml").write_text(SERVICE.replace("port: 80", 'port: "80"').replace("NAME", "other"))
    done = subprocess.run(command(folder), cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    first, second = done.stdout.splitlines()
    assert first.startswith(
        "in/y.yaml:1:1: error ML003 meshlint failed on in/y.yaml: the process that judged it was ended"
    )
    assert second.startswith("in/z.yaml:4:")
    assert done.returncode == 3
    assert "42 files" in done.stderr


def test_a_process_that_dies_over_the_mesh_is_reported_and_the_rest_is_judged(folder: Path) -> None:
    (folder / "rules" / "deadly_service.py").write_text(POISON_OF_THE_MESH)
    (folder / "in" / "y.yaml").write_text(SERVICE.replace("NAME", "deadly"))
    (folder / "in" / "z.yaml").write_text(SERVICE.replace("NAME", "twin") * 2)
    done = subprocess.run(command(folder), cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (
        "ML003 a process was ended by signal 9 while it judged 2 resources, from Service deadly of in/y.yaml"
        in done.stdout
    )
    assert "in/z.yaml" in done.stdout
    assert done.returncode == 3


def test_references_that_cannot_be_judged_are_counted_as_in_one_process(tmp_path: Path) -> None:
    corpus.write(tmp_path, 6)
    outside = (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: NAME, namespace: far}\nspec:\n"
    )
    outside += (
        "  hosts: [a.far.svc.cluster.local]\n  http:\n  - route:\n    - destination: {host: b.away.svc.cluster.local}\n"
    )
    for number in range(12):
        (tmp_path / f"z{number}.yaml").write_text(outside.replace("NAME", f"r{number}"))
    errors = [
        subprocess.run(
            [sys.executable, "-m", "meshlint", "--no-cache", "-j", jobs, "."],
            cwd=tmp_path,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        ).stderr
        for jobs in ("1", "3")
    ]
    assert "not judged: " in errors[0]
    assert errors[0] == errors[1]


def test_ctrl_c_leaves_nothing_behind(folder: Path) -> None:
    (folder / "in" / "z.yaml").write_text(SERVICE.replace("NAME", "slow"))
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background job ignores it, and so its children
    try:
        process = subprocess.Popen(
            command(folder), cwd=folder, env=ENVIRONMENT, start_new_session=True, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    until = time.monotonic() + 60
    while len(members(process.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == "interrupted"
    assert members(process.pid) == []


def members(group: int) -> list[str]:
    """The processes of a group."""
    found = subprocess.run(["ps", "-o", "pid=", "-g", str(group)], capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_forked_and_spawned_processes_find_the_same(method: str, tmp_path: Path) -> None:
    if method == "fork" and not hasattr(os, "fork"):
        pytest.skip("no fork here")
    corpus.write(tmp_path, 6)
    (tmp_path / "odd.yaml").write_text(CLEAN.replace("port: 80", "porto: 80"))
    (tmp_path / "beyond-64-bits.yaml").write_text(f"apiVersion: a.b/v1\nkind: C\nmetadata: {{name: a}}\nn: {2**70}\n")
    found, here = judged(tmp_path, method), judged(tmp_path, None)
    assert list(found) == list(here)
    for number, mapped in here.items():
        assert plain(found[number]) == plain(mapped)


def judged(folder: Path, method: str | None) -> dict[int, Mapped]:
    stock = Stock()
    stock.take(Files(discover([str(folder)]).files, []))
    stock.freeze()
    mapper = Mapper(Task(stock, select(all_rules().values()), {}, Target()))
    numbers = range(len(stock))
    if method is None:
        return dict(mapper.map(numbers))
    return dict(sorted((number, mapped) for number, mapped, _ in shared(mapper, numbers, 2, method)))


def plain(mapped: Mapped) -> object:
    entries = [(msgspec.to_builtins(entry.resource), entry.origin) for entry in mapped.entries]
    return entries, mapped.results, mapped.spans.numbers(), mapped.skipped, mapped.notes, mapped.digest
