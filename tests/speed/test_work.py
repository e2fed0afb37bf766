"""What a run costs, counted instead of timed: modules, executed lines, memory."""

import gc
import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from support import ROOT, all_rules

from benchmarks import shapes
from meshlint.__main__ import OwnModules
from meshlint.engine import Input, Settings, lint
from meshlint.registry import write_index
from meshlint.report.model import Report
from meshlint.selection import select
from meshlint.sources import Files, discover

BROUGHT_ALONG = set() if sys.version_info >= (3, 11) else {"inspect", "subprocess", "ast", "dis"}
"""On 3.10 the standard library imports these itself for what msgspec asks of it."""
HEAVY = [
    "click",
    "jsonschema",
    "networkx",
    "sarif_om",
    "ruamel",
    "_ruamel_yaml",
    "json",
    "hashlib",
    "inspect",
    "dataclasses",
    "pathlib",
    "logging",
    "argparse",
    "ast",
    "subprocess",
    "multiprocessing",
    "concurrent",
    "asyncio",
    "socket",
    "ssl",
    "urllib",
    "importlib.metadata",
    "tempfile",
    "random",
    "email",
]
ONE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1, port: {number: 80}}
"""
DESTINATION_RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL}
  subsets:
  - name: v1
    labels: {version: v1}
"""
GATEWAY = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop}
"""
DEPLOYMENT = """apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports:
  - {name: http, port: 80}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata: {labels: {app: reviews}}
    spec: {containers: [{name: reviews, image: reviews}]}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """meshlint as a wheel brings it: rules and their index inside the package."""
    home = tmp_path_factory.mktemp("installed")
    leave_out = shutil.ignore_patterns("__pycache__", "index.json")
    shutil.copytree(ROOT / "meshlint", home / "meshlint", ignore=leave_out)
    for kind in ("rules", "schemas"):
        shutil.copytree(ROOT / kind, home / "meshlint" / "_data" / kind, ignore=leave_out if kind == "rules" else None)
    (home / "meshlint" / "_data" / "rules" / "index.json").write_text(write_index())
    return home


def modules_of(home: Path, folder: Path, *options: str, text: str = ONE) -> set[str]:
    """The modules that a run on one file has imported in the end."""
    (folder / "one.yaml").write_text(text)
    script = "import sys; from meshlint.__main__ import _run; _run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, *options, "one.yaml"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(home)}
    )
    return set(done.stderr.splitlines()[-1].split())


def test_one_file_imports_nothing_heavy(installed: Path, tmp_path: Path) -> None:
    modules = modules_of(installed, tmp_path)
    assert [name for name in HEAVY if name in modules and name not in BROUGHT_ALONG] == []


def test_one_file_imports_the_rules_of_its_kinds_only(installed: Path, tmp_path: Path) -> None:
    modules = modules_of(installed, tmp_path)
    expected = {
        meta.module
        for meta in all_rules().values()
        if meta.default and {name.rpartition(".")[2] for name in meta.subjects} & {"VirtualService", "Resource", "Mesh"}
    }
    assert {
        name for name in modules if name.startswith("meshlint_rules.") and name.count(".") == 2 and "._" not in name
    } == expected
    assert "meshlint.schemas.explain" not in modules


# What may be imported of the model. A kind more costs every run on such a file up to 1 ms: before one is added
# here, see whether the rule that imports it can ask first whether it occurs (docs/adr/0010-start.md).
ANY = {"common", "selection", "service", "service_entry", "workload_entry"}
"""What services and workloads are made of, which most questions about the mesh are about."""


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (ONE, {"virtual_service"}),
        (DESTINATION_RULE, {"destination_rule", "traffic_policy"}),
        (GATEWAY, {"gateway", "server"}),
        (DEPLOYMENT, {"workloads", "pod"}),
    ],
    ids=["VirtualService", "DestinationRule", "Gateway", "Deployment"],
)
def test_kinds_that_do_not_occur_are_not_imported(text: str, own: set[str], installed: Path, tmp_path: Path) -> None:
    modules = modules_of(installed, tmp_path, text=text)
    kinds = {name.rpartition(".")[2] for name in modules if name.startswith("meshlint.model.") and name.count(".") == 3}
    assert kinds - ANY - own == set()
    assert "meshlint.schemas.cel" not in modules


@pytest.mark.parametrize(
    ("text", "limit"),
    [(ONE, 119), (DESTINATION_RULE, 118), (GATEWAY, 122), (DEPLOYMENT, 121)],
    ids=["VirtualService", "DestinationRule", "Gateway", "Deployment"],
)
def test_one_file_needs_few_modules_beside_its_rules(text: str, limit: int, installed: Path, tmp_path: Path) -> None:
    modules = [name for name in modules_of(installed, tmp_path, text=text) if name.startswith("meshlint.")]
    assert len(modules) <= limit


def test_own_modules_are_found_where_python_finds_them() -> None:
    home = ROOT / "meshlint"
    for path in home.rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found = OwnModules.find_spec(name, [str(path.parent)])
        expected = PathFinder.find_spec(name, [str(path.parent)])
        assert found is not None
        assert expected is not None
        assert (found.origin, found.cached, found.has_location) == (expected.origin, expected.cached, True)
        assert type(found.loader) is type(expected.loader)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("meshlint", None),
        ("meshlint.mesh", [str(ROOT / "meshlint")]),
        ("meshlint.absent", [str(ROOT / "meshlint")]),
        ("meshlint_rules.routing", [str(ROOT / "rules")]),
        ("os.path", [str(ROOT / "meshlint")]),
    ],
)
def test_packages_and_what_is_not_meshlints_are_left_to_python(name: str, path: list[str] | None) -> None:
    assert OwnModules.find_spec(name, path) is None


@pytest.mark.skipif(sys.version_info < (3, 11), reason="there msgspec imports inspect, which compiles dozens")
def test_an_everyday_run_compiles_few_regular_expressions(installed: Path, tmp_path: Path) -> None:
    script = "import re, sys; from meshlint.__main__ import _import_msgspec, _run; _import_msgspec(); re.purge()\n"
    script += "compiled = []; work = re._compiler.compile\n"
    script += "re._compiler.compile = lambda text, flags=0: compiled.append(text) or work(text, flags)\n"
    script += "_run(['one.yaml']); print(*compiled, sep='\\n', file=sys.stderr)"
    (tmp_path / "one.yaml").write_text(ONE)
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(installed)}
    )
    assert [
        line for line in done.stderr.splitlines() if "1 file" not in line and "not judged" not in line and line
    ] == []


def test_a_run_without_findings_looks_for_no_places(installed: Path, tmp_path: Path) -> None:
    modules = modules_of(installed, tmp_path)
    assert not modules & {
        f"meshlint.{name}"
        for name in [
            "patched",
            "reading.comments",
            "reading.full",
            "reading.linefields",
            "reading.nested",
            "reading.places",
            "report.console",
            "report.snippet",
            "report.text",
            "sources.gitignore",
        ]
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """meshlint as git writes it: the index somewhere between the rules."""
    home = tmp_path_factory.mktemp("checkout")
    (home / "pyproject.toml").touch()
    for name in ("meshlint", "rules", "schemas"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    index = home / "rules" / "index.json"
    index.write_text(write_index())
    made = index.stat().st_mtime
    for path in (home / "rules").rglob("*.py"):
        os.utime(path, (made + 2, made + 2))
    return home


def test_a_checkout_trusts_its_index(checkout: Path, tmp_path: Path) -> None:
    modules = modules_of(checkout, tmp_path, "--select", "ML001")
    assert not [name for name in modules if name.startswith("meshlint_rules.")]


def test_a_rule_that_is_newer_than_the_index_is_asked_itself(checkout: Path, tmp_path: Path) -> None:
    rule = checkout / "rules" / "routing" / "missing_subset.py"
    later = (checkout / "rules" / "index.json").stat().st_mtime + 3600
    os.utime(rule, (later, later))
    assert "meshlint_rules.routing.missing_subset" in modules_of(checkout, tmp_path, "--select", "ML001")


def test_the_modules_of_other_formats_are_not_imported(installed: Path, tmp_path: Path) -> None:
    modules = modules_of(installed, tmp_path, "--ignore", "ML")
    assert {name for name in modules if name.startswith("meshlint.report.")} <= {
        f"meshlint.report.{name}"
        for name in ["cells", "formats", "model", "repository", "snippet", "summary", "terminal", "text", "console"]
    }


def run(folder: Path) -> Report:
    return lint(Input(Files(discover([str(folder)]).files, [])), Settings(select(all_rules().values())))


def lines_of(action: Callable[[], Any]) -> int:
    """How many lines are executed."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        (shapes.repository, 400),
        (shapes.crlf, 400),
        (shapes.one_file, 300),
        (shapes.many_files, 100),
        (shapes.one_host, 100),
        (shapes.one_selector, 100),
        (shapes.routes, 150),
        (shapes.config_map, 2000),
    ],
)
def test_work_grows_no_faster_than_the_input(shape: Callable[[Path, int], None], size: int, tmp_path: Path) -> None:
    work = []
    for times in (1, 2, 4):
        shape(tmp_path / str(times), size * times)
        run(tmp_path / str(times))  # what is imported once does not count
        work.append(lines_of(lambda times=times: run(tmp_path / str(times))))
    assert (work[2] - work[1]) / (work[1] - work[0] + 50) <= 2.3, work


@pytest.mark.parametrize("shape", [shapes.one_host, shapes.one_selector])
def test_what_is_said_grows_no_faster_than_the_input(shape: Callable[[Path, int], None], tmp_path: Path) -> None:
    said = []
    for size in (100, 200):
        shape(tmp_path / str(size), size)
        said.append(sum(len(item.message) + len(item.related) for item in run(tmp_path / str(size)).findings))
    assert said[1] <= 2.3 * said[0]


def test_memory_per_resource(tmp_path: Path) -> None:
    """Including its text, 850 bytes, which so small an input keeps in memory."""
    peaks = []
    for size in (1000, 2000, 3000):
        shapes.repository(tmp_path / str(size), size)
        gc.collect()
        tracemalloc.start()
        run(tmp_path / str(size))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[2] - peaks[1]) / 1000 < 6_000, peaks
