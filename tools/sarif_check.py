"""Check SARIF logs with Microsoft's SARIF multitool: the rules of the standard and those of GitHub.

    tools/sarif_check.py [LOG...]        (without: logs of examples/, of nothing, of 30,000 findings)

The multitool comes from npm (`@microsoft/sarif-multitool`, once, into .venv/sarif-multitool) and is
not needed for anything else. Its exit code is 0 whatever it finds, so its own SARIF output is read:
errors and warnings fail, notes (no snippet, an address that cannot be reached offline) do not.
"""

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from meshlint import __version__
from meshlint.findings import Identity, Region, Severity
from meshlint.report.formats import render
from meshlint.report.model import RelatedPlace, Report, Reported, RuleInfo, Settings, Summary

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv" / "sarif-multitool"
PACKAGE = "@microsoft/sarif-multitool"
VERSION = "5.7.0"


def main(arguments: list[str]) -> int:
    """Check the logs; 0 when none has an error or a warning, 1 otherwise, 2 when the multitool cannot be had."""
    tool = multitool()
    if tool is None:
        print(f"needs npm and {PACKAGE} {VERSION}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        logs = [Path(argument) for argument in arguments] or list(own_logs(Path(folder)))
        complaints = [complaint for log in logs for complaint in complaints_about(log, tool, Path(folder))]
    print("\n".join(complaints) or f"{len(logs)} logs, no error or warning")
    return 1 if complaints else 0


def multitool() -> Path | None:
    """The launcher of the multitool, installed if it is not."""
    launcher = HOME / "node_modules" / PACKAGE / "bin.js"
    if not launcher.exists():
        command = [
            "npm",
            "install",
            "--silent",
            "--no-fund",
            "--no-audit",
            "--prefix",
            str(HOME),
            f"{PACKAGE}@{VERSION}",
        ]
        try:
            subprocess.run(command, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
    return launcher


def complaints_about(log: Path, tool: Path, folder: Path) -> Iterator[str]:
    """What the multitool holds against a log: one line per error or warning."""
    verdict = folder / f"verdict-{log.name}"
    arguments = ["validate", str(log.resolve()), "--rule-kind", "Sarif;Gh", "--level", "Error;Warning"]
    arguments += ["--output", str(verdict), "--log", "ForceOverwrite"]
    quoted = map(shlex.quote, arguments)  # the launcher hands them to a shell
    done = subprocess.run(["node", str(tool), *quoted], capture_output=True, text=True, check=False)
    if not verdict.exists():
        yield f"{log}: the multitool did not run: {done.stdout}{done.stderr}"
        return
    for run in json.loads(verdict.read_text(encoding="utf-8-sig"))["runs"]:
        for result in run.get("results", []):
            if result.get("level", "warning") in {"error", "warning"}:
                yield f"{log}: {result['ruleId']}: {json.dumps(result['message'])}"
        for invocation in run.get("invocations", []):
            for told in invocation.get("toolExecutionNotifications", []):
                if told.get("level", "warning") == "error":
                    yield f"{log}: {json.dumps(told['message'])}"


def own_logs(folder: Path) -> Iterator[Path]:
    """Logs of the examples as the command line writes them, of a clean run, and of more than GitHub takes."""
    if any((ROOT / "examples").rglob("*.yaml")):
        log = folder / "examples.sarif"
        command = [sys.executable, "-m", "meshlint", "--fail-on", "never", "-f", "sarif", "-o", str(log), "examples"]
        subprocess.run(command, cwd=ROOT, check=False)
        yield log
    for name, count in (("clean", 0), ("many", 30_000)):
        log = folder / f"{name}.sarif"
        with log.open("w", encoding="utf-8") as stream:
            render("sarif", _report(count), stream, Settings(root=str(ROOT)))
        yield log


def _report(count: int) -> Report:
    rule = RuleInfo(
        "ML204",
        "missing-subset",
        "A route to a subset that no DestinationRule defines.",
        Severity.ERROR,
        lambda: "A route to a subset that no DestinationRule defines.\n\n### Bad\n```yaml\nkind: A\n```\n",
        "https://meshlint.dev/rules/ML204/",
        "routing",
    )
    summary = Summary(count, count, count, {}, {Severity.ERROR: count})
    return Report([_finding(number) for number in range(count)], summary, lambda: [rule], __version__)


def _finding(number: int) -> Reported:
    identity = Identity("networking.istio.io/v1", "VirtualService", "shop", f"reviews-{number}")
    path = f"apps/team {number % 97}/ü#{number:05}%.yaml"
    return Reported(
        rule="ML204",
        name="missing-subset",
        severity=Severity.ERROR,
        message=f"no DestinationRule for `reviews-{number}` defines subset `v3`",
        help="define it, or did you mean `v2`?",
        url="https://meshlint.dev/rules/ML204/",
        path=path,
        region=Region(10, 44, 10, 46),
        resource=identity,
        field="spec.http[0].route[0].destination.subset",
        fingerprint=f"{number:016x}",
        related=(RelatedPlace(path, Region(20, 3, 20, 10), identity, "spec.subsets", "the subsets are defined here"),),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
