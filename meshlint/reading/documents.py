"""From a text to its documents: where each begins and ends, before anything is parsed.

`---` and `...` at the start of a line always end a document (YAML forbids them there inside
scalars), so the text can be cut without parsing it, and an error in one document spares the
others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.problems import DuplicateKey, SyntaxProblem

BOM = "\ufeff"
BREAKS = frozenset("\n\r\x85\u2028\u2029")
"""What YAML 1.1 takes for a line break. Lines of a `Region` end at the first two only, as in editors."""
_AFTER_MARKER = BREAKS | {" ", "\t"}
_BLANK = "".join(_AFTER_MARKER) + BOM


class Document(msgspec.Struct, frozen=True):
    """One document: its data as Kubernetes reads it, and where it lies in the text of its source.

    `start` and `end` are offsets of its text (with its `---` line, without `...`), `line` is the
    0-based line of `start`.
    """

    data: Any
    start: int
    end: int
    line: int


class Reading(msgspec.Struct, frozen=True):
    """What a text holds: its documents (empty ones dropped) and what is wrong with it as YAML."""

    documents: list[Document]
    problems: list[SyntaxProblem | DuplicateKey]


class Piece(msgspec.Struct, frozen=True):
    """The extent of one document, not yet read."""

    start: int
    end: int
    line: int


def split(text: str) -> Iterator[Piece]:
    """Cut `text` into the pieces that can each be parsed alone; their order is that of the text.

    A byte order mark before a document belongs to no piece. Directives stay with the document
    they stand before.
    """
    line, counted = 0, 0
    for start, end in _extents(text):
        line += count_lines(text, counted, start)
        counted = start
        yield Piece(start, end, line)


def count_lines(text: str, start: int, end: int) -> int:
    r"""Count the line breaks in `text[start:end]`, where `\r\n` is one and a lone `\r` is one too."""
    newlines = text.count("\n", start, end)
    returns = text.count("\r", start, end)
    return newlines + returns - (text.count("\r\n", start, end) if returns else 0)


def _extents(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for marker in _markers(text):
        if text[marker] == ".":
            yield from _extent(text, start, marker)
            start = marker + 3
        elif not _only_directives(text[start:marker]):
            yield from _extent(text, start, marker)
            start = marker
    yield from _extent(text, start, len(text))


def _extent(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the extent without blank lines and byte order marks before it; nothing if nothing is left."""
    if text[start : start + 1] in _BLANK:
        content = text[start:end].lstrip(_BLANK)
        before = text[start : end - len(content)]
        start += len(before.rstrip(" \t"))  # the first line keeps its indentation
        if not content:
            return
    if text[end - 1] == BOM:
        end -= 1
    if start < end:
        yield start, end


def _markers(text: str) -> list[int]:
    """Give the offsets of `---` and `...` that stand alone at the start of a line."""
    found = []
    for marker in ("---", "..."):
        at = text.find(marker)
        while at >= 0:
            after = at + 3
            if _starts_line(text, at) and (after == len(text) or text[after] in _AFTER_MARKER):
                found.append(at)
            at = text.find(marker, after)
    found.sort()
    return found


def _starts_line(text: str, at: int) -> bool:
    if at and text[at - 1] == BOM:
        at -= 1
    return at == 0 or text[at - 1] in BREAKS


def _only_directives(chunk: str) -> bool:
    """Whether a chunk before `---` holds directives and nothing else but comments and blank lines."""
    if "%" not in chunk:
        return False
    lines = [line.strip(" \t" + BOM) for line in chunk.splitlines()]
    return any(line.startswith("%") for line in lines) and all(not line or line[0] in "%#" for line in lines)
