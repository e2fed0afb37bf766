"""From a text to its documents: where each begins and ends, before anything is parsed.

`---` and `...` at the start of a line always end a document (YAML forbids them there inside
scalars), so the text can be cut without parsing it, and an error in one document spares the
others.
"""

from __future__ import annotations

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


def split(text: str) -> list[Piece]:
    """Cut `text` into the pieces that can each be parsed alone; their order is that of the text.

    A byte order mark before a document belongs to no piece. Directives stay with the document
    they stand before.
    """
    pieces: list[Piece] = []
    line = counted = start = 0
    for marker in (*_markers(text), len(text)):
        is_end = text[marker : marker + 1] == "."
        if marker < len(text) and not is_end and _only_directives(text, start, marker):
            continue
        begin, end = _extent(text, start, marker)
        if begin < end:
            line += count_lines(text, counted, begin)
            counted = begin
            pieces.append(Piece(begin, end, line))
        start = marker + 3 if is_end else marker
    return pieces


def count_lines(text: str, start: int, end: int) -> int:
    r"""Count the line breaks in `text[start:end]`, where `\r\n` is one and a lone `\r` is one too."""
    newlines = text.count("\n", start, end)
    if text.find("\r", start, end) < 0:  # looked for faster than counted
        return newlines
    return newlines + text.count("\r", start, end) - text.count("\r\n", start, end)


def _extent(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the extent without blank lines and byte order marks before it."""
    if text[start : start + 1] in _BLANK:
        content = text[start:end].lstrip(_BLANK)
        if not content:
            return end, end
        before = text[start : end - len(content)]
        start += len(before.rstrip(" \t"))  # the first line keeps its indentation
    if text[end - 1 : end] == BOM:
        end -= 1
    return start, end


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


def _only_directives(text: str, start: int, end: int) -> bool:
    """Whether what stands before `---` holds directives and nothing else but comments and blank lines."""
    if text.find("%", start, end) < 0:
        return False
    lines = [line.strip(" \t" + BOM) for line in text[start:end].splitlines()]
    return any(line.startswith("%") for line in lines) and all(not line or line[0] in "%#" for line in lines)
