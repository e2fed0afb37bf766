"""Finds fields in the lines of a document that the fast reader accepts, without loading a parser."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from meshlint.findings import Path
from meshlint.reading import fast, flow
from meshlint.reading.documents import Document
from meshlint.reading.fields import Field, Span
from meshlint.reading.handover import HandOver
from meshlint.reading.lines import Lines
from meshlint.reading.longtexts import below, continued
from meshlint.reading.onelines import (
    DASH,
    DASH_LONG,
    ITEM_LONG,
    ITEM_OPEN,
    LONG,
    OPEN,
    TEXT,
    comment_at,
    cut,
    plain_text,
    quoted,
)


class _Place(msgspec.Struct):
    """The line of a field, and the line where its value starts if that is a later one."""

    line: int
    below: int | None = None


class LineFields:
    """The fields of a document. Raises `HandOver` where the fast reader does."""

    def __init__(self, text: str, document: Document, lines: Lines) -> None:
        part = text[document.start : document.end]
        fast.parse(part)
        if lines.starts[0] != document.start:
            raise HandOver
        self._starts = lines.starts
        self._lines = fast.content_lines(part)
        self._shift = len(part.partition("\n")[0].rstrip("\r")) - len(self._lines[0])
        self._places: dict[Path, _Place] = {}
        self._texts: set[int] = set()
        self._quoted: set[int] = set()
        self._index()

    def comments(self) -> Iterator[Span]:
        """Give the extents of all comments. Raises `HandOver` where a quoted text of several lines holds a `#`."""
        if any("#" in self._lines[number] for number in self._quoted):
            raise HandOver
        for number, line in enumerate(self._lines):
            at = comment_at(line) if "#" in line and number not in self._texts else -1
            if at >= 0:
                start = self._starts[number] + (0 if number else self._shift)
                yield start + at, start + len(line)

    def nearest(self, path: Path) -> tuple[Field, int]:
        """See `Fields`."""
        depth = len(path)
        while path[:depth] not in self._places:
            depth -= 1
        column, rest, line = self._value(path[:depth])
        if depth < len(path) and rest[:1] in ("[", "{"):
            offset = self._starts[line] + column
            places: flow.Places = {}
            flow.parse(rest, 0, places)
            inside = _deepest(places, path[depth:])
            if inside:
                return _in_flow(rest, offset, places, inside), depth + len(inside)
        return self._field(path[:depth]), depth

    def _value(self, path: Path) -> tuple[int, str, int]:
        """Give column, text and line of the value of a field, as far as it stands on one line."""
        place = self._places[path]
        parts = cut(self._lines[place.line])
        is_item = not path or isinstance(path[-1], int)
        if place.below is not None:
            parts = cut(self._lines[place.below])
            text = parts.rest if parts.key is None and not parts.dash else ""
            return parts.rest_column, text, place.below
        if (is_item and parts.key is not None) or parts.rest[:1] == "#":
            return parts.rest_column, "", place.line
        return parts.rest_column, parts.rest, place.line

    def _field(self, path: Path) -> Field:
        place = self._places[path]
        parts = cut(self._lines[place.line])
        key = None
        if path and isinstance(path[-1], str):
            key = self._span(place.line, parts.key_column, parts.key_end)
        column, rest, line = self._value(path)
        if rest:
            return _inline(key, self._starts[line] + column, rest)
        if place.below is not None:
            return Field(key, None, self._first(place.below), is_scalar=False)
        if key is None and parts.key is not None:
            return Field(None, None, self._span(place.line, parts.key_column, parts.key_end), is_scalar=False)
        return Field(key, None, self._span(place.line, parts.indent, parts.indent + 1), is_scalar=True)

    def _first(self, line: int) -> Span:
        """Give the extent of the first key of a mapping or the first dash of a list that starts on `line`."""
        parts = cut(self._lines[line])
        if parts.dash:
            return self._span(line, parts.indent, parts.indent + 1)
        return self._span(line, parts.key_column, parts.key_end)

    def _span(self, line: int, start: int, end: int) -> Span:
        return self._starts[line] + start, self._starts[line] + end

    def _index(self) -> None:
        """Note the place of every field in block style. The lines are known to be such that the fast reader accepts."""
        lines, places = self._lines, self._places
        level, count = -1, 0
        path: Path = ()
        enclosing: list[tuple[int, Path, int]] = []
        opened: Path | None = ()
        numbered = enumerate(lines)
        for number, line in numbered:
            kind, line_level, key_level, key, value = fast.recall(line)
            if not kind:
                continue
            if line_level > level:
                if opened is None:
                    after = continued(lines, number, level >> 1)[2]
                    self._texts.update(range(number, after))
                    fast.skip(numbered, number, after)
                    continue
                places.setdefault(opened, _Place(number)).below = number
                if kind == TEXT:
                    after = below(lines, number, level >> 1)[1]
                    self._note_text(range(number + 1, after), value)
                    fast.skip(numbered, number, after)
                    opened = None
                    continue
                enclosing.append((level, path, count))
                level, path, count = line_level, opened, 0
            while level > line_level:
                level, path, count = enclosing.pop()
            field: Path = (*path, key) if not line_level & 1 and key is not None else (*path, count)
            places[field] = _Place(number)
            if line_level & 1:
                count += 1
                if key is not None:
                    enclosing.append((level, path, count))
                    level, path, count = key_level, field, 0
                    field = (*field, key)
                    places[field] = _Place(number)
            opened = field if kind in (OPEN, ITEM_OPEN, DASH) else None
            if kind in (LONG, ITEM_LONG, DASH_LONG):
                after = fast.long_text(lines, number, level >> 1, value)[1]
                self._note_text(range(number + 1, after), value)
                fast.skip(numbered, number, after)

    def _note_text(self, lines: range, start: str) -> None:
        """Note the further lines of a text that starts with `start`: what looks like a comment there is none."""
        self._texts.update(lines)
        if start[0] in "'\"":
            self._quoted.update(lines)


def _inline(key: Span | None, offset: int, rest: str) -> Field:
    """Give the field whose value is `rest` at `offset`."""
    if rest[0] in "|>":
        mark = (offset, offset + 1)
        literal = offset if rest[0] == "|" else None
        return Field(key, None if key else mark, mark, is_scalar=True, literal=literal)
    if rest[0] in "[{":
        places: flow.Places = {}
        _, end = flow.parse(rest, 0, places)
        return Field(key, None, _first_in_flow(rest, offset, places, (), (0, end)), is_scalar=False)
    if rest[0] in "'\"":
        match = quoted(rest)
        span = offset, offset + (match[1] if match else len(rest))
    else:
        span = offset, offset + len(plain_text(rest))
    return Field(key, span, span, is_scalar=True)


def _in_flow(rest: str, offset: int, places: flow.Places, path: Path) -> Field:
    """Give the field at `path` inside the flow collection `rest`."""
    key, value = places[path]
    key_span = (offset + key[0], offset + key[1]) if key else None
    if rest[value[0]] in "[{":
        return Field(key_span, None, _first_in_flow(rest, offset, places, path, value), is_scalar=False)
    span = offset + value[0], offset + value[1]
    return Field(key_span, span, span, is_scalar=True)


def _first_in_flow(rest: str, offset: int, places: flow.Places, path: Path, value: Span) -> Span:
    """Give the extent of the first key in a mapping, else that of the whole collection."""
    first = value
    if rest[value[0]] == "{":
        keys = [key for inside, (key, _) in places.items() if inside[:-1] == path and key]
        first = min(keys, default=value)
    return offset + first[0], offset + first[1]


def _deepest(places: flow.Places, path: Path) -> Path:
    while path and path not in places:
        path = path[:-1]
    return path
