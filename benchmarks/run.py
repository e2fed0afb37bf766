"""Speed, memory and growth on generated inputs: `make bench`, or `python benchmarks/run.py [--large] [--picture]`.

Everything is a whole process, measured from outside; runs of one input are interleaved and the minimum counts. What
is compared with: a Python that does nothing, `istioctl analyze` and `kubeconform` where they are on the PATH, and a
plain loop of ruamel.yaml and jsonschema. Times differ from machine to machine: read the ratios.
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import picture  # noqa: E402 - the checkout comes first
from benchmarks.shapes import SHAPES, repository  # noqa: E402

PYTHON = [sys.executable]
MESHLINT = [*PYTHON, "-m", "meshlint", "--fail-on", "never", "--quiet"]


class Cost(NamedTuple):
    """What a process took: seconds of wall clock, of all its cores, and bytes at its peak (of the largest process)."""

    wall: float
    cpu: float
    memory: int


def measured(command: Sequence[str], files: int | None = None) -> Cost:
    """Run a command to its end, with so many file descriptors."""
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        if files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPATH"] = str(ROOT)
        os.execvp(command[0], list(command))
    _, _, usage = os.wait4(child, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def best(commands: dict[str, list[str]], times: int, files: int | None = None) -> dict[str, Cost]:
    """The least cost of each command, interleaved."""
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            found[name].append(measured(command, files))
    return {name: Cost(*(min(each) for each in zip(*costs, strict=True))) for name, costs in found.items()}


def ways(folder: Path, scratch: Path) -> dict[str, list[str]]:
    """The commands that are compared on one input."""
    found = {
        "meshlint, one core": [*MESHLINT, "-j", "1", "--no-cache", str(folder)],
        "meshlint, all cores": [*MESHLINT, "--no-cache", str(folder)],
        "meshlint, warm cache": [*MESHLINT, "-j", "1", "--cache", str(scratch / "cache"), str(folder)],
    }
    if shutil.which("istioctl"):
        found["istioctl analyze"] = ["istioctl", "analyze", "--use-kube=false", "-A", "--recursive", str(folder)]
    if shutil.which("kubeconform"):
        found["kubeconform"] = ["kubeconform", "-ignore-missing-schemas", str(folder)]
    return found


def compare(scratch: Path, *, large: bool) -> None:
    """One file, and repositories of growing size, by every way."""
    nothing = best({"": [*PYTHON, "-c", "pass"]}, 10)[""]
    print(f"a Python that does nothing: {nothing.wall * 1000:.1f} ms\n")
    print("| input | by | seconds | MB/s | resources/s | MB of memory | to the first |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for size in (10, 1_000, 10_000, 100_000) if large else (10, 1_000, 10_000):
        folder = scratch / f"r{size}"
        repository(folder, size)
        bytes_ = sum(path.stat().st_size for path in folder.rglob("*.yaml"))
        commands = ways(folder, scratch)
        costs = best(commands, 10 if size <= 1_000 else 3)
        if size <= 1_000:
            plain = {"ruamel.yaml and jsonschema": [*PYTHON, str(ROOT / "benchmarks" / "plain.py"), str(folder)]}
            costs |= best(plain, 1)
        first = next(iter(costs.values())).wall
        for name, cost in costs.items():
            print(
                f"| {size:,} resources | {name} | {cost.wall:.3f} | {bytes_ / cost.wall / 1e6:.1f} | {size / cost.wall:,.0f} "
                f"| {cost.memory / 1e6:.0f} | {cost.wall / first:.2f} |",
                flush=True,
            )
    print()


def grow(scratch: Path) -> dict[str, list[tuple[int, float]]]:
    """Seconds of one core for a quarter, a half and all of each shape; with 64 file descriptors."""
    print("| input | size | seconds of one core | for twice as much | MB of memory |")
    print("| --- | --- | --- | --- | --- |")
    curves: dict[str, list[tuple[int, float]]] = {}
    for name, (write, most) in SHAPES.items():
        curve = curves.setdefault(name, [])
        for size in (most // 4, most // 2, most):
            folder = scratch / f"g{len(curves)}-{size}"
            write(folder, size)
            cost = best({"": [*MESHLINT, "-j", "1", "--no-cache", str(folder)]}, 2, files=64)[""]
            growth = f"{cost.cpu / curve[-1][1]:.2f}" if curve else ""
            curve.append((size, cost.cpu))
            print(f"| {name} | {size:,} | {cost.cpu:.2f} | {growth} | {cost.memory / 1e6:.0f} |", flush=True)
            shutil.rmtree(folder)
    return curves


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="100,000 resources too")
    parser.add_argument("--picture", action="store_true", help="draw docs/images/growth.svg")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        compare(Path(scratch), large=given.large)
        curves = grow(Path(scratch))
    if given.picture:
        (ROOT / "docs" / "images" / "growth.svg").write_text(picture.drawn(curves), encoding="utf-8")


if __name__ == "__main__":
    main()
