"""A source line cut to the width of the terminal, and the underline below it."""

from collections.abc import Sequence

import msgspec

from meshlint.findings import Region
from meshlint.report.cells import shapes, width

_MORE = "..."
_LEAD = 8
"""Cells of context kept at either side of the underlined text where the line has to be cut."""


class Snippet(msgspec.Struct, frozen=True):
    """What to print of a line: `text` shows its code points from `first` on.

    `starts` are the cells of `text` where these code points start, and the cell where the last ends.
    """

    text: str
    first: int
    starts: Sequence[int]

    def underline(self, region: Region, mark: str) -> str:
        """Blanks, then marks below the region: at least one, and none beyond the text."""
        begin = self._cell(region.column)
        end = self._cell(region.end_column) if region.end_line == region.line else self.starts[-1]
        return " " * begin + mark * max(1, end - begin)

    def shows(self, region: Region) -> bool:
        """Whether the region starts in the part that is printed."""
        return self.first < region.column <= self.first + len(self.starts)

    def _cell(self, column: int) -> int:
        return self.starts[max(0, min(column - 1 - self.first, len(self.starts) - 1))]


def cut(line: str, region: Region, room: int) -> Snippet:
    """The part of a line around a region that fits into `room` columns.

    Only code points that may be shown are looked at: a line of a minified file has millions.
    """
    if len(line) <= room and line.isascii() and line.isprintable():  # nearly always
        return Snippet(line, 0, range(len(line) + 1))
    fits = len(line) <= room and sum(map(width, shapes(line))) <= room
    first = 0 if fits else _first(line, region, room)
    text = _MORE if first else ""
    starts = [len(text)]
    for index, piece in enumerate(shapes(line[first : first + room]), first + 1):
        limit = room if fits or index == len(line) else room - len(_MORE)
        if starts[-1] + width(piece) > limit:
            return Snippet(text + _MORE, first, starts)
        text += piece
        starts.append(starts[-1] + width(piece))
    return Snippet(text, first, starts)


def _first(line: str, region: Region, room: int) -> int:
    """The first code point to show, so that the region is in sight and context fills the room left of it."""
    begin = min(region.column - 1, len(line))
    end = max(begin, region.end_column - 1) if region.end_line == region.line else len(line)
    end = min(end, begin + room, len(line))
    marked = sum(map(width, shapes(line[begin:end])))
    budget = max(_LEAD, room - 2 * len(_MORE) - marked - min(_LEAD, len(line) - end))
    for size in map(width, shapes(line[max(0, begin - room) : begin])[::-1]):
        if budget < size:
            break
        budget -= size
        begin -= 1
    dropped = line[:begin]
    return 0 if begin <= len(_MORE) and sum(map(width, shapes(dropped))) <= len(_MORE) else begin
