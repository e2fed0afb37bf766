"""The last lines of a run: what was read, found, silenced, left out.

They go to stderr for every format, so that a report stays what its readers expect. "Nothing found"
and "nothing looked at" must never look the same: what was skipped or could not be judged is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from meshlint.findings import Severity
from meshlint.report.cells import visible, width
from meshlint.report.model import SEVERITIES, Reported, Summary
from meshlint.report.terminal import Palette

_PLAIN = Palette(colors=False)
_SKIPPED = {
    "not-kubernetes": ("not Kubernetes", "not Kubernetes"),
    "template": ("template", "templates"),
    "fragment": ("kustomize patch", "kustomize patches"),
    "unreadable": ("unreadable", "unreadable"),
    "unknown-kind": ("of an unknown kind", "of unknown kinds"),
}


def count(number: int, noun: str, nouns: str = "") -> str:
    """A number and what it counts: `1 file`, `12 files`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def summary_lines(summary: Summary, findings: Iterable[Reported] = (), palette: Palette = _PLAIN) -> list[str]:
    """One line of counts (`12 files, 43 resources, no findings`), then what was left out, then the notes."""
    read = [count(summary.files, "file"), count(summary.resources, "resource")]
    lines = [", ".join([*read, *_found(summary, palette)])]
    fixable = sum(found.fix is not None and found.suppressed is None for found in findings)
    if fixable:
        lines.append(f"fixable: {fixable:,} with --fix (--diff shows how)")
    skipped = [_skipped(reason, number) for reason, number in summary.skipped.items() if number]
    if skipped:
        lines.append(f"skipped: {', '.join(skipped)}")
    if summary.unknown:
        references = count(summary.unknown, "reference")
        lines.append(f"not judged: {references} to what may exist outside the input (see --scope)")
    return [*lines, *(f"note: {visible(note)}" for note in summary.notes)]


def _found(summary: Summary, palette: Palette) -> Iterator[str]:
    numbers = [(severity, summary.findings.get(severity, 0)) for severity in SEVERITIES]
    found = [palette.severity(severity, _of_severity(severity, number)) for severity, number in numbers if number]
    yield from found or [palette.help("no findings")]
    if summary.suppressed:
        yield f"{summary.suppressed:,} suppressed"


def _of_severity(severity: Severity, number: int) -> str:
    return f"{number:,} info" if severity is Severity.INFO else count(number, severity.value)


def _skipped(reason: str, number: int) -> str:
    one, many = _SKIPPED.get(reason, (reason, reason))
    return f"{number:,} {one if number == 1 else many}"


def statistics_lines(findings: Iterable[Reported]) -> list[str]:
    """A table of the rules whose findings count: number, code, name, severity; most findings first.

    A rule whose findings differ in severity has a row for each.
    """
    keys = ((found.rule, found.name, found.severity.value) for found in findings if found.suppressed is None)
    counts = Counter(keys)
    rows = [(f"{number:,}", *key) for key, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    if not rows:
        return []
    table = [("count", "code", "name", "severity"), *rows]
    first, second, third = (max(width(row[column]) for row in table) for column in range(3))
    return [f"{row[0]:>{first}}  {row[1]:<{second}}  {row[2]:<{third}}  {row[3]}" for row in table]
