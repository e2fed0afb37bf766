"""One line per finding: what editors, `grep` and logs read."""

from collections.abc import Iterable
from typing import TextIO

from meshlint.report.cells import visible
from meshlint.report.model import Report, Reported, Settings, shown


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write `path:line:column: severity CODE message` for each finding."""
    write_lines(stream, map(line_of, shown(report, settings)))
    return ()


def line_of(found: Reported) -> str:
    """The finding in one line, safe to print."""
    region = found.region
    suppressed = "" if found.suppressed is None else " (suppressed)"
    place = f"{found.path}:{region.line}:{region.column}"
    return visible(f"{place}: {found.severity.value} {found.rule} {found.message}{suppressed}")


def write_lines(stream: TextIO, lines: Iterable[str]) -> None:
    """Write lines in one go; what the stream's encoding lacks is written as an escape."""
    text = "".join(f"{line}\n" for line in lines)
    encoding = stream.encoding if getattr(stream, "encoding", None) else "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)
