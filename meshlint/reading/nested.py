"""YAML inside a scalar: its text, and the way back from its lines to those of the outer text."""

from __future__ import annotations

from typing import Any

import msgspec

from meshlint.findings import Path, Region
from meshlint.reading.documents import Document
from meshlint.reading.lines import Lines, split_lines
from meshlint.reading.places import Finder


class Nested(msgspec.Struct, frozen=True):
    """The text of a scalar. `first_line` is None where its lines are not those of the outer text."""

    text: str
    key: Region
    """The key of the scalar (of a list item, its start)."""
    first_line: int | None = None
    """The 1-based outer line of the first line of `text`."""
    indent: int = 0
    """Columns by which the outer lines are indented."""

    def outer(self, region: Region) -> Region:
        """Give the region of the outer text for one of `text`: its own place in a literal block (`|`), else the key."""
        if self.first_line is None:
            return self.key
        line = self.first_line + region.line - 1
        return Region(line, region.column + self.indent, line, region.end_column + self.indent)


def nested(text: str, document: Document, path: Path) -> Nested | None:
    """Give the text of the scalar at `path`, or None where there is no text."""
    value = _value(document.data, path)
    if not isinstance(value, str):
        return None
    finder = Finder(text, document)
    field = finder.find(path)
    if field is None:
        return None
    key = finder.key(field)
    return Nested(value, key) if field.literal is None else _literal(finder.lines, value, field.literal, key)


def _value(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _literal(lines: Lines, value: str, header: int, key: Region) -> Nested:
    first_line = lines.line_of(header) + 1
    for number, content in enumerate(split_lines(value)):
        if content.strip():
            raw = lines.content(first_line + number)
            if raw.endswith(content):
                return Nested(value, key, first_line, len(raw) - len(content))
            break  # a line break that only YAML counts (U+0085) precedes
    return Nested(value, key)
