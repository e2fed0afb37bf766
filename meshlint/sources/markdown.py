"""YAML fences of a Markdown file, each with the way back to the lines and columns of the file.

Fences are told from text as CommonMark does (section 4.5): three or more backticks or tildes, an
equal or longer closing line, an unclosed one runs to the end of its container. Where CommonMark
wants to know the enclosing list, indentation alone is enough here, so that the fences of
admonitions and tabs (indented by four in many generators of sites) are found as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_OPENING = re.compile(
    r"(?P<prefix>(?:[ \t]|>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*)"
    r"(?:(?P<ticks>`{3,})(?P<info>[^`\r\n]*)|(?P<tildes>~{3,})(?P<tilde_info>[^\r\n]*))$",
)
_YAML = re.compile(r"\{?\s*\.?(?:yaml|yml)(?=[\s{},:]|$)", re.IGNORECASE)


class Fence(msgspec.Struct, frozen=True):
    """One YAML fence: its text, the lines before it, the columns taken from each line, its info string."""

    text: str
    line: int
    indents: tuple[int, ...]
    info: str


class _Opening(msgspec.Struct, frozen=True):
    """What an opening line fixes: the quote marks and columns in front of each line, and how it closes."""

    quote: re.Pattern[str] | None
    indent: int
    closing: re.Pattern[str]
    info: str

    def content(self, line: str) -> int | None:
        """Columns to take from a line of the fence; None where the block quote has ended."""
        start = 0
        if self.quote:
            match = self.quote.match(line)
            if not match:
                return None
            start = match.end()
        end = start
        while end < start + self.indent and line[end : end + 1] in (" ", "\t"):
            end += 1
        return end


def fences(text: str) -> Iterator[Fence]:
    """The YAML fences of a Markdown text, in order."""
    lines = _LINE.findall(text)
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if line.lstrip().startswith("<!--"):
            index = _after_comment(lines, index - 1)
            continue
        opening = _opening(line)
        if opening is None:
            continue
        first = index
        parts: list[str] = []
        indents: list[int] = []
        while index < len(lines):
            start = opening.content(lines[index])
            if start is None:
                break
            index += 1
            if opening.closing.match(lines[index - 1], start):
                break
            parts.append(lines[index - 1][start:])
            indents.append(start)
        if _YAML.match(opening.info):
            yield Fence("".join(parts), first, tuple(indents), opening.info)


def _after_comment(lines: list[str], index: int) -> int:
    """The index of the line after an HTML comment: what it holds is not shown, so it is not read."""
    while index < len(lines):
        index += 1
        if "-->" in lines[index - 1]:
            break
    return index


def _opening(line: str) -> _Opening | None:
    """Read an opening line, or None for any other line."""
    if "```" not in line and "~~~" not in line:
        return None
    match = _OPENING.match(line.rstrip("\r\n"))
    if not match:
        return None
    prefix = match["prefix"]
    mark = match["ticks"] or match["tildes"]
    info = (match["info"] or match["tilde_info"] or "").strip()
    quotes = prefix.count(">")
    inner = prefix.rpartition(">")[2]
    indent = len(inner) - (1 if quotes and inner.startswith(" ") else 0)
    return _Opening(
        re.compile(rf"(?:[ \t]*>[ ]?){{{quotes}}}") if quotes else None,
        indent,
        re.compile(rf" {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*(?:\r\n|\r|\n|$)"),
        info,
    )
