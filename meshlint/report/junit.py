"""JUnit XML, which most CI systems can show as test results.

There is no standard. One suite per file, one case per finding; a file without findings is a passed
case, so that a clean run is not an empty report. GitLab tells cases apart by class and name and
shows the text of a failure, not its attribute: both are filled.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from meshlint.findings import Severity
from meshlint.report.cells import visible
from meshlint.report.model import SEVERITIES, Report, Reported, Settings, resource_text, shown
from meshlint.report.repository import repository_paths
from meshlint.report.text import write_lines


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write the findings that count: as failures from `fail_on` on, below it as output of a passed case."""
    by_file: dict[str, list[Reported]] = {path: [] for path in report.files}
    for found in shown(report, Settings()):
        by_file.setdefault(found.path, []).append(found)
    relative = repository_paths(settings.root)
    named = sorted(((relative(path) or path, by_file[path]) for path in by_file), key=itemgetter(0))
    lines = [line for path, findings in named for line in _suite(visible(path), findings, settings.fail_on)]
    tests = sum(max(1, len(findings)) for findings in by_file.values())
    failures = sum(_failures(findings, settings.fail_on) for findings in by_file.values())
    head = f'<testsuites name="meshlint" tests="{tests}" failures="{failures}" errors="0">'
    write_lines(stream, ['<?xml version="1.0" encoding="utf-8"?>', head, *lines, "</testsuites>"])
    return ()


def _suite(path: str, findings: Sequence[Reported], fail_on: Severity | None) -> Iterator[str]:
    failures, tests = _failures(findings, fail_on), max(1, len(findings))
    suite = quoteattr(path)
    yield f'  <testsuite name={suite} tests="{tests}" failures="{failures}" errors="0" skipped="0">'
    if not findings:
        yield f'    <testcase classname={suite} name="no findings"/>'
    names: Counter[str] = Counter()
    for found in findings:
        name = _name(found)
        names[name] += 1
        unique = f"{name} ({names[name]})" if names[name] > 1 else name
        yield f"    <testcase classname={suite} name={quoteattr(unique)}>"
        yield f"      {_outcome(found, path, fail_on)}"
        yield "    </testcase>"
    yield "  </testsuite>"


def _name(found: Reported) -> str:
    resource = f" {resource_text(found.resource)}" if found.resource else ""
    return visible(f"{found.rule} [{found.region.line}:{found.region.column}]{resource}")


def _outcome(found: Reported, path: str, fail_on: Severity | None) -> str:
    message = visible(found.message)
    lines = [f"{path}:{found.region.line}:{found.region.column}: {found.severity.value} {found.rule} {message}"]
    if found.help:
        lines.append(f"help: {visible(found.help)}")
    lines.append(visible(found.url))
    text = escape("\n".join(lines))
    if _fails(found, fail_on):
        return f'<failure type="{found.severity.value}" message={quoteattr(message)}>{text}</failure>'
    return f"<system-out>{text}</system-out>"


def _failures(findings: Sequence[Reported], fail_on: Severity | None) -> int:
    return sum(_fails(found, fail_on) for found in findings)


def _fails(found: Reported, fail_on: Severity | None) -> bool:
    return fail_on is not None and SEVERITIES.index(found.severity) <= SEVERITIES.index(fail_on)
