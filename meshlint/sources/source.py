"""What discovery and loading hand on: files, units of YAML text, and what could not be read."""

from __future__ import annotations

import msgspec

from meshlint.findings import Region
from meshlint.problems import SyntaxProblem

STDIN = "<stdin>"
"""The path that text from standard input is reported under."""


class File(msgspec.Struct, frozen=True):
    r"""A file that discovery found, not opened yet.

    `path` is how it is reported: relative to the working directory, absolute outside of it, `/`
    between folders, bytes that are no UTF-8 written as `\xff`. `location` is the absolute path
    that opens it. `named` tells a path of the command line from one found by walking. `chart`
    is the reported path of the Helm chart in whose `templates/` the file lies.
    """

    path: str
    location: str
    named: bool = False
    chart: str | None = None


class Source(msgspec.Struct, frozen=True):
    """One unit of YAML text: a YAML or JSON file, or one fence of a Markdown file.

    `text` has its line ends as in the file and no byte order mark. `line` counts the lines of the
    file before the text, `indents` the columns that were taken from the start of each of its lines
    (empty: none), `fence` counts the YAML fences of a Markdown file from 0. `problems` are about
    the encoding; their spots have source 0 (whoever numbers the sources renumbers them) and a
    region of `text`.
    """

    path: str
    text: str
    line: int = 0
    indents: tuple[int, ...] = ()
    fence: int | None = None
    named: bool = False
    chart: str | None = None
    problems: tuple[SyntaxProblem, ...] = ()

    def outer(self, region: Region) -> Region:
        """The place in the file of a region of `text`."""
        if not self.line and not self.indents:
            return region
        return Region(
            region.line + self.line,
            region.column + self._indent(region.line),
            region.end_line + self.line,
            region.end_column + self._indent(region.end_line),
        )

    def _indent(self, line: int) -> int:
        """Columns taken from a 1-based line of the text; the place after the last line has none."""
        return self.indents[line - 1] if 0 < line <= len(self.indents) else 0


class Unreadable(msgspec.Struct, frozen=True):
    """A path that cannot be opened or listed. One that was named makes the exit code 2."""

    path: str
    reason: str
    named: bool = False


class Skipped(msgspec.Struct, frozen=True):
    """A file that is deliberately not read: beyond the limit, encrypted, no regular file."""

    path: str
    reason: str
    named: bool = False
