"""The comments of a text. A `#` inside a scalar is none, which only parsing tells."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from meshlint.reading.documents import Document, Piece, split
from meshlint.reading.fields import Span
from meshlint.reading.handover import HandOver
from meshlint.reading.linefields import LineFields
from meshlint.reading.lines import Lines

_HASH = r"(?m)(?:^|(?<=[\s\ufeff]))#"
_LINE_END = r"[\r\n]|\Z"
_OWN_LINE = r"(?m)(?:^|(?<=[\r\n]))[ \t\ufeff]*(#[^\r\n]*)"


class Comment(msgspec.Struct, frozen=True):
    """A comment from its `#` to the end of the line; `line` and `column` are 1-based, `alone` if nothing precedes it."""

    line: int
    column: int
    text: str
    alone: bool


def comments(text: str) -> list[Comment]:
    """Give all comments in the order of the text.

    Costs a parse of every document that holds a `#`; of a document that does not parse, only
    comments on lines of their own are seen.
    """
    found: list[Comment] = []
    for piece in split(text):
        if text.find("#", piece.start, piece.end) >= 0:
            found.extend(_of_piece(text, piece))
    return found


def _of_piece(text: str, piece: Piece) -> list[Comment]:
    lines = Lines(text, piece.start, piece.end, piece.line)
    found = []
    for start, end in _extents(text, piece, lines):
        region = lines.region(start, end)
        before = lines.content(region.line)[: region.column - 1]
        found.append(Comment(region.line, region.column, text[start:end].rstrip(), not before.strip()))
    return found


def _extents(text: str, piece: Piece, lines: Lines) -> list[Span]:
    try:
        return list(LineFields(text, Document(None, piece.start, piece.end, piece.line), lines).comments())
    except HandOver:
        return [(piece.start + start, piece.start + end) for start, end in _of_nodes(text[piece.start : piece.end])]


def _of_nodes(part: str) -> list[Span]:
    from meshlint.reading.nodes import compose
    from meshlint.reading.refusal import Refusal

    try:
        root = compose(part)
    except Refusal:
        return [match.span(1) for match in re.finditer(_OWN_LINE, part)]
    scalars = _spans(part, root)
    found = []
    index = behind = 0
    for match in re.finditer(_HASH, part):
        while index < len(scalars) and scalars[index][1] <= match.start():
            index += 1
        is_inside = index < len(scalars) and match.start() >= scalars[index][0]
        if not is_inside and match.start() >= behind:
            behind = _line_end(part, match.end())
            found.append((match.start(), behind))
    return found


def _spans(part: str, root: Any) -> list[Span]:
    """Give the extents of all scalars, in the order of the text. The header of a block scalar may hold a comment."""
    from meshlint.reading.nodes import Collection, Reference

    spans = []
    stack: list[Any] = [] if root is None else [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Collection):
            stack.extend(reversed(node.children))
        elif not isinstance(node, Reference):
            start, end = node.start_mark.index, node.end_mark.index
            if node.style in ("|", ">"):
                start = _line_end(part, start)
            spans.append((start, end))
    return spans


def _line_end(part: str, at: int) -> int:
    match = re.compile(_LINE_END).search(part, at)
    return match.start() if match else len(part)
