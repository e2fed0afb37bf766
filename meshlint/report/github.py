"""Annotations in a GitHub workflow, by workflow commands on stdout.

GitHub keeps ten errors, ten warnings and ten notices of a step and drops the rest without a word,
in the order of printing. So the worst come first, the rest is counted in a last notice and listed
below as plain lines of the log. Escapes are those of https://github.com/actions/toolkit
(`packages/core/src/command.ts`).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from meshlint.findings import Severity
from meshlint.report.cells import visible
from meshlint.report.model import SEVERITIES, STDIN, Report, Reported, Settings, shown
from meshlint.report.repository import repository_paths
from meshlint.report.summary import count
from meshlint.report.text import line_of, write_lines

PER_LEVEL = 10

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write the findings that count as annotations."""
    findings = list(shown(report, Settings()))
    annotated, left = _divided(findings)
    relative = repository_paths(settings.root)
    lines = [_annotation(found, relative) for found in annotated]
    lines += _rest(left)
    write_lines(stream, lines)
    return ()


def _divided(findings: Sequence[Reported]) -> tuple[list[Reported], list[Reported]]:
    """What GitHub will show, worst first, and what it would drop. A notice is kept free to say so."""
    by_level = [[found for found in findings if found.severity is severity] for severity in SEVERITIES]
    over = any(len(level) > PER_LEVEL for level in by_level)
    limits = [PER_LEVEL, PER_LEVEL, PER_LEVEL - 1 if over else PER_LEVEL]
    annotated = [found for level, limit in zip(by_level, limits, strict=True) for found in level[:limit]]
    left = [found for level, limit in zip(by_level, limits, strict=True) for found in level[limit:]]
    return annotated, left


def _annotation(found: Reported, relative: Callable[[str], str | None]) -> str:
    properties = {**_place(found, relative), "title": f"{found.rule} {found.name}"}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = f"{found.message}\n{found.help}" if found.help else found.message
    return f"::{_COMMAND[found.severity]} {listed}::{_data(text)}"


def _place(found: Reported, relative: Callable[[str], str | None]) -> dict[str, str]:
    """Where GitHub draws the annotation; what came from standard input it shows with the run."""
    if found.path == STDIN:
        return {}
    region = found.region
    return {
        "file": relative(found.path) or found.path,
        "line": str(region.line),
        "endLine": str(region.end_line),
        "col": str(region.column),
        "endColumn": str(region.end_column),
    }


def _rest(left: Sequence[Reported]) -> Iterator[str]:
    if not left:
        return
    counts = ", ".join(
        count(number, severity.value) if severity is not Severity.INFO else f"{number:,} info"
        for severity in SEVERITIES
        if (number := sum(found.severity is severity for found in left))
    )
    yield f"::notice title=meshlint::{_data(f'{counts} more than GitHub annotates: see the log of this step')}"
    yield from map(_log_line, left)


def _log_line(found: Reported) -> str:
    """The one-line form, so written that no text of the input is taken for a command."""
    line = line_of(found).replace("##[", "# #[")
    return f"./{line}" if line.lstrip().startswith("::") else line


def _data(text: str) -> str:
    """Escape the message of a command; control characters other than line ends are made visible."""
    lines = text.replace("%", "%25").replace("\r\n", "\n").split("\n")
    return "%0A".join(map(visible, lines))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
