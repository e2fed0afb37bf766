"""The fast reader: block-style YAML line by line, about thirty times as fast as the full reader.

Its contract: what it accepts, it reads exactly as the full reader does; anything else it hands
over. The fuzz tests hold it to that. Manifests repeat their lines, so what a line says is
remembered (values are shared between documents: nothing may change parsed data).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from meshlint.reading.handover import HandOver
from meshlint.reading.longtexts import below, block, continued, quote
from meshlint.reading.onelines import (
    DASH,
    DASH_LONG,
    ENTRY,
    ITEM,
    ITEM_LONG,
    ITEM_OPEN,
    LONG,
    OPEN,
    TEXT,
    Line,
    check_tail,
    classify,
)

_MEMO_SIZE = 30_000
"""Distinct lines to remember. More make the cache of the processor miss more than they save."""
_MEMO_LINE = 300
"""Longer lines seldom come twice."""

_memo: dict[str, Line] = {}
_NOTHING: Any = object()
"""In place of the slot that lines further in would fill: none, but a plain text may go on there."""
_CLOSED: Any = object()
"""The same behind a text of several lines: nothing may come further in."""


def parse(text: str) -> Any:
    """Give the data of one document, None if it is empty. Raises `HandOver`."""
    lines = content_lines(text)
    known = _memo.get
    root: list[Any] = [None]
    node: Any = root
    level = -1
    slot: Any = 0
    enclosing: list[tuple[int, Any]] = []
    numbered = enumerate(lines)
    for number, line in numbered:
        found = known(line)
        if found is None:
            found = _remember(line)
        kind, line_level, key_level, key, value = found
        if not kind:
            continue
        if line_level > level:
            if slot is _NOTHING:
                previous, whole_text, after = continued(lines, number, level >> 1)
                node[previous] = whole_text
                slot = _CLOSED
                skip(numbered, number, after)
                continue
            if slot is _CLOSED:
                raise HandOver
            if kind >= TEXT:
                if kind > TEXT or node is root:
                    raise HandOver
                node[slot], after = below(lines, number, level >> 1)
                slot = _CLOSED
                skip(numbered, number, after)
                continue
            inner: Any = [] if line_level & 1 else {}
            node[slot] = inner
            enclosing.append((level, node))
            node, level = inner, line_level
        elif kind >= TEXT:
            raise HandOver
        else:
            while level > line_level:
                level, node = enclosing.pop()
            if level != line_level:
                raise HandOver
        if kind == ENTRY:
            if key in node:
                raise HandOver
            node[key] = value
            slot = _NOTHING
        elif kind == OPEN:
            if key in node:
                raise HandOver
            node[key] = None
            slot = key
        elif kind == ITEM:
            node.append(value)
            slot = _NOTHING
        elif kind == DASH:
            node.append(None)
            slot = -1
        elif kind in (LONG, DASH_LONG):
            if kind == DASH_LONG:
                slot = -1
                node.append(None)
            elif key in node:
                raise HandOver
            else:
                slot = key
            node[slot], after = long_text(lines, number, level >> 1, value)
            slot = _CLOSED
            skip(numbered, number, after)
        else:
            entry = {key: value}
            node.append(entry)
            enclosing.append((level, node))
            node, level = entry, key_level
            slot = key if kind == ITEM_OPEN else _NOTHING
            if kind == ITEM_LONG:
                slot = _CLOSED
                entry[key], after = long_text(lines, number, level >> 1, value)
                skip(numbered, number, after)
    return root[0]


def content_lines(text: str) -> list[str]:
    """Give the lines of a document. A first line `---` becomes a blank one."""
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            raise HandOver
    lines = text.split("\n")
    if lines[0].startswith("---") and lines[0][3:4] in ("", " "):
        check_tail(lines[0], 3)
        lines[0] = lines[0][3:].lstrip(" ")
    return lines


def recall(line: str) -> Line:
    """Say what a line is, from memory if it was asked before."""
    found = _memo.get(line)
    return _remember(line) if found is None else found


def skip(numbered: Iterator[tuple[int, str]], number: int, after: int) -> None:
    """Go on behind line `number` so that `after` comes next."""
    count = after - number - 1
    next(islice(numbered, count, count), None)


def _remember(line: str) -> Line:
    found = classify(line)
    if len(line) <= _MEMO_LINE:
        if len(_memo) >= _MEMO_SIZE:
            _memo.clear()
        _memo[line] = found
    return found


def long_text(lines: list[str], number: int, indent: int, start: str) -> tuple[str, int]:
    """Read a value of several lines, and give the line behind it; `indent` is the column of what holds it."""
    if start[0] in "|>":
        return block(lines, number + 1, indent, start)
    return quote(lines, number + 1, indent, start)
