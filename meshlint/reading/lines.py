"""From offsets to lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from meshlint.findings import Region

_BREAK = r"\r\n?|\n"


def split_lines(text: str) -> list[str]:
    r"""Give the lines of `text` as a `Region` counts them: they end at `\n`, `\r\n` or `\r` only."""
    return re.split(_BREAK, text) if "\r" in text else text.split("\n")


def _line_starts(piece: str, start: int) -> Iterator[int]:
    """Give the offsets behind each line break of a piece that begins at `start`."""
    if "\r" in piece:
        yield from (start + match.end() for match in re.finditer(_BREAK, piece))
        return
    for line in piece.split("\n")[:-1]:
        start += len(line) + 1
        yield start


class Lines:
    """The lines of one piece of a text. Building it costs what the piece is long, not what the text is."""

    def __init__(self, text: str, start: int, end: int, line: int) -> None:
        """`line` is the 0-based line of `start`; `starts` are the offsets of the lines."""
        self._text = text
        self._end = end
        self._line = line
        newline = text.rfind("\n", 0, start)
        first = max(newline, text.rfind("\r", newline + 1, start)) + 1
        self.starts = [first, *_line_starts(text[start:end], start)]

    def region(self, start: int, end: int) -> Region:
        """Give the region of `text[start:end]`, cut at the end of its first line and at least one column wide."""
        index = max(bisect_right(self.starts, start) - 1, 0)
        first = self.starts[index]
        last = max(self._line_end(index), first)
        end = min(end, last)
        while end > start + 1 and self._text[end - 1] in " \t":
            end -= 1
        if end <= start:
            # Nothing to underline here but what stands before: the dash of an empty item, the end of a line.
            while start > first and self._text[start - 1 : start].isspace():
                start -= 1
            start = max(first, start - 1)
            end = start + 1
        line = self._line + index + 1
        return Region(line, start - first + 1, line, end - first + 1)

    def line_of(self, offset: int) -> int:
        """Give the 1-based line of an offset."""
        return self._line + max(bisect_right(self.starts, offset), 1)

    def content(self, line: int) -> str:
        """Give the text of a 1-based line of the piece, without its line break."""
        index = min(max(line - self._line - 1, 0), len(self.starts) - 1)
        return self._text[self.starts[index] : self._line_end(index)]

    def _line_end(self, index: int) -> int:
        end = self.starts[index + 1] if index + 1 < len(self.starts) else self._end
        while end > self.starts[index] and self._text[end - 1] in "\r\n":
            end -= 1
        return end
