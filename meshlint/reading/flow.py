"""Flow collections on one line: `[GET, POST]`, `{app: reviews, version: v1}`."""

from __future__ import annotations

import math
from typing import Any

from meshlint.reading.handover import HandOver
from meshlint.reading.scalars import key_of, resolve

MAX_BRACKETS = 20
"""A line with more of them is handed over: so recursion and nesting have a bound."""

_INDICATORS = frozenset(",[]{}")
_AFTER_DASH = ("", " ", ",", "[", "]", "{", "}")
_NO_PLAIN_START = frozenset(",[]{}#&*!|>'\"%@`?:")

Span = tuple[int, int]
Places = dict[tuple[str | int, ...], tuple[Span | None, Span]]
"""For each path inside a collection: where its key (if it has one) and its value stand in the line."""


def parse(text: str, at: int, places: Places | None = None) -> tuple[Any, int]:
    """Read the collection that starts at `text[at]`; give it and the offset behind it, and fill `places` if given."""
    if text.count("[", at) + text.count("{", at) > MAX_BRACKETS:
        raise HandOver
    return _Flow(text, places).collection(at, ())


class _Flow:
    """One line. Methods take an offset and give a value and the offset behind it."""

    def __init__(self, text: str, places: Places | None) -> None:
        self._text = text
        self._places = places

    def collection(self, at: int, path: tuple[str | int, ...]) -> tuple[Any, int]:
        return self._sequence(at + 1, path) if self._text[at] == "[" else self._mapping(at + 1, path)

    def _sequence(self, at: int, path: tuple[str | int, ...]) -> tuple[list[Any], int]:
        items: list[Any] = []
        at = self._blanks(at)
        while self._text[at] != "]":
            start = at
            item, at = self._value(at, (*path, len(items)))
            if self._places is not None:
                self._places[(*path, len(items))] = None, (start, at)
            items.append(item)
            at = self._next(at, "]")
        return items, at + 1

    def _mapping(self, at: int, path: tuple[str | int, ...]) -> tuple[dict[str, Any], int]:
        fields: dict[str, Any] = {}
        at = self._blanks(at)
        while self._text[at] != "}":
            start = at
            key, end = self._key(at)
            if key in fields:
                raise HandOver
            value_start = self._blanks(end + 1)
            if value_start == end + 1 and self._text[at] not in "'\"":
                raise HandOver
            fields[key], at = self._value(value_start, (*path, key))
            if self._places is not None:
                self._places[(*path, key)] = (start, self._trimmed(start, end)), (value_start, at)
            at = self._next(at, "}")
        return fields, at + 1

    def _next(self, at: int, bracket: str) -> int:
        """Give the offset of the next entry or of the closing bracket."""
        at = self._blanks(at)
        if self._text[at] == ",":
            return self._blanks(at + 1)
        if self._text[at] != bracket:
            raise HandOver
        return at

    def _key(self, at: int) -> tuple[str, int]:
        """Give a key and the offset of its colon."""
        key: str | None
        if self._text[at] in "'\"":
            key, end = self._quoted(at)
            end = self._blanks(end)
        else:
            end = self._plain_end(at)
            key = key_of(self._text[at:end].rstrip(" "), None, plain=True)
        if key is None or key == "<<" or self._text[end] != ":" or end - at > 1000:
            raise HandOver
        return key, end

    def _value(self, at: int, path: tuple[str | int, ...]) -> tuple[Any, int]:
        character = self._text[at]
        value: Any
        if character in "[{":
            return self.collection(at, path)
        if character in "'\"":
            value, end = self._quoted(at)
        else:
            end = self._trimmed(at, self._plain_end(at))
            value = resolve(self._text[at:end])
            if isinstance(value, float) and not math.isfinite(value):
                raise HandOver
        after = self._blanks(end)
        if self._text[after] == ":":
            raise HandOver  # a pair: a mapping of one entry
        return value, end

    def _quoted(self, at: int) -> tuple[str, int]:
        quote = self._text[at]
        end = self._text.find(quote, at + 1)
        inner = self._text[at + 1 : end]
        if end < 0 or "\\" in inner or self._text.startswith(quote, end + 1):
            raise HandOver
        return inner, end + 1

    def _plain_end(self, at: int) -> int:
        """Give the offset where a plain text ends: an indicator, or a colon with a blank or indicator behind it."""
        text = self._text
        if text[at] in _NO_PLAIN_START or (text[at] == "-" and text[at + 1 : at + 2] in _AFTER_DASH):
            raise HandOver
        for end in range(at, len(text)):
            character = text[end]
            if character in _INDICATORS:
                return end
            if character == ":":
                following = text[end + 1 : end + 2]
                if following in _INDICATORS or following == "":
                    raise HandOver
                if following == " ":
                    return end
            elif character in "#?" or character == "\t":
                raise HandOver
        raise HandOver

    def _blanks(self, at: int) -> int:
        """Skip blanks; there must be something behind them."""
        text = self._text
        while text[at : at + 1] == " ":
            at += 1
        if at >= len(text):
            raise HandOver
        return at

    def _trimmed(self, start: int, end: int) -> int:
        """Give the end of `text[start:end]` without the blanks that it ends with."""
        return start + len(self._text[start:end].rstrip(" "))
