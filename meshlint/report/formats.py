"""The formats by name. A format is imported when it is used: SARIF's objects cost more than a run."""

from collections.abc import Callable
from importlib import import_module
from typing import TextIO

from meshlint.report.model import Report, Settings

FORMATS = {
    "console": "console",
    "text": "text",
    "json": "json_format",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
}
"""Name of a format -> module of this package that holds its `render`."""


def render(name: str, report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write the report in a format of `FORMATS` and return notes for stderr (what a limit cut off).

    Raises `KeyError` for a name that is no format, `OSError` when the stream cannot be written.
    """
    if name == "console" and not settings.terminal:
        name = "text"  # no person reads
    if name == "text" and not report.findings:
        return ()
    write: Callable[[Report, TextIO, Settings], tuple[str, ...]]
    write = import_module(f"meshlint.report.{FORMATS[name]}").render
    return write(report, stream, settings)
