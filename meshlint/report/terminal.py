"""What the reader's terminal can do: colours, links, width."""

import os
from collections.abc import Mapping
from typing import TextIO

import msgspec

from meshlint.findings import Severity
from meshlint.report.model import Settings

MIN_WIDTH = 40
MAX_WIDTH = 160
"""Beyond this a line of prose is hard to read; only source lines would gain."""


class Palette(msgspec.Struct, frozen=True):
    """How to draw each kind of text: SGR parameters, of the 16 colours that every theme defines."""

    colors: bool

    def severity(self, severity: Severity, text: str) -> str:
        """Text in the colour of a severity."""
        return self._styled(_SEVERITY[severity], text)

    def bold(self, text: str) -> str:
        """What to read first."""
        return self._styled("1", text)

    def path(self, text: str) -> str:
        """The heading of a file."""
        return self._styled("1;4", text)

    def faint(self, text: str) -> str:
        """Frame and line numbers: the terminal's own colour, dimmed, reads on light and dark alike."""
        return self._styled("2", text)

    def help(self, text: str) -> str:
        """The word before a help."""
        return self._styled("32", text)

    def link(self, url: str, text: str) -> str:
        """Text that opens a page when clicked (OSC 8); terminals that cannot show only the text."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.colors and url else text

    def _styled(self, style: str, text: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.colors else text


_SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.INFO: "36"}
"""Bold red, yellow, cyan. Most terminals draw bold yellow and cyan bright: on white that cannot be read.

What has to be read, message and help, keeps the terminal's own colour; blue is dark on black.
"""


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what goes to a stream: `choice` is `always`, `never` or `auto`.

    `auto` honours NO_COLOR (https://no-color.org: any text but the empty one), FORCE_COLOR and
    `TERM=dumb`, and otherwise colours terminals only.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return bool(environment.get("FORCE_COLOR")) or stream.isatty()


def settings_for(stream: TextIO, choice: str, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that depend on where the report goes. Colours asked for mean that a person reads."""
    color = wants_color(choice, stream, environment)
    return Settings(terminal=color or stream.isatty(), color=color, width=_width(stream, environment))


def _width(stream: TextIO, environment: Mapping[str, str]) -> int:
    columns = environment.get("COLUMNS", "")
    if not columns.isdecimal():
        try:
            columns = str(os.get_terminal_size(stream.fileno()).columns)
        except (OSError, ValueError):  # no terminal, or no file behind the stream
            return Settings().width
    return max(MIN_WIDTH, min(MAX_WIDTH, int(columns or 0) or Settings().width))
