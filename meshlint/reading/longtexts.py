"""Texts of several lines, for the fast reader: block scalars, and plain and quoted scalars that go on.

Each function gives a text and the number of the first line behind it.
"""

from __future__ import annotations

from typing import Any

from meshlint.reading.handover import HandOver
from meshlint.reading.onelines import (
    ENTRY,
    ITEM,
    ITEM_ENTRY,
    check_printable,
    check_tail,
    classify,
    cut,
    is_long,
    plain_text,
    plain_value,
    quoted,
    value_of_text,
)

_MAX_QUOTED_LINES = 100
"""A quoted text is searched for its end once per line that holds a quote."""


def block(lines: list[str], number: int, parent: int, header: str) -> tuple[str, int]:
    """Read a block scalar whose content starts at line `number`, inside a key or dash at column `parent`."""
    style, indicators = header[0], header[1:].partition(" ")[0]
    body, after = _body(lines, number, parent, indicators.strip("+-"))
    size = len(body)
    while size and not body[size - 1]:
        size -= 1
    breaks = len(body) - size + (after < len(lines))
    if not size:
        if "+" in indicators:
            raise HandOver
        return "", after
    text = "\n".join(body[:size]) if style == "|" else _folded(body[:size])
    if "-" in indicators:
        breaks = 0
    elif "+" not in indicators:
        breaks = min(breaks, 1)
    return text + "\n" * breaks, after


def _body(lines: list[str], number: int, parent: int, explicit: str) -> tuple[list[str], int]:
    """Give the lines of a block scalar without their indentation (blank ones may be shorter)."""
    indent = parent + int(explicit) if explicit else 0
    body = []
    while number < len(lines):
        line = lines[number]
        content = line.lstrip(" ")
        column = len(line) - len(content)
        if not content:
            if line and not indent:
                raise HandOver
            body.append(line[indent:])
        else:
            check_printable(content)
            if not indent:
                if column <= parent:
                    break
                indent = column
                if content[0] == "\t":
                    raise HandOver
            if column < indent:
                if column > parent or content[0] == "\t":
                    raise HandOver
                break
            body.append(line[indent:])
        number += 1
    return body, number


def _folded(body: list[str]) -> str:
    """Join lines as `>` does: one break is a blank, more are one fewer; but around lines that start with a blank all stay."""
    parts = [body[0]]
    breaks = 1
    was_indented = body[0][:1] in (" ", "\t")
    started = bool(body[0])
    for line in body[1:]:
        if not line:
            breaks += 1
            continue
        indented = line[0] in " \t"
        if not started or indented or was_indented:
            parts.append("\n" * breaks)
        else:
            parts.append("\n" * (breaks - 1) or " ")
        parts.append(line)
        started, was_indented, breaks = True, indented, 1
    return "".join(parts)


def quote(lines: list[str], number: int, parent: int, start: str) -> tuple[str, int]:
    """Read a quoted text that starts with `start` and goes on at line `number`."""
    text, breaks = start.rstrip(" "), 1
    last = number + _MAX_QUOTED_LINES
    while number < len(lines):
        line = lines[number]
        content = line.strip(" ")
        number += 1
        if number > last:
            raise HandOver
        if not content:
            breaks += 1
            continue
        check_printable(content)
        if len(line) - len(line.lstrip(" ")) <= parent or "\t" in content or text[-1] == "\\":
            raise HandOver
        text += ("\n" * (breaks - 1) or " ") + content
        breaks = 1
        if start[0] in content:
            match = quoted(text)
            if match is not None:
                check_tail(text, match[1])
                return match[0], number
    raise HandOver


def continued(lines: list[str], number: int, parent: int) -> tuple[Any, str, int]:
    """Read on a plain text that began on a line before `number`; also give the slot (key or -1) that it fills."""
    previous = number - 1
    while previous >= 0 and not lines[previous].strip(" "):
        previous -= 1
    if previous < 0:
        raise HandOver
    kind, _, _, key, _ = classify(lines[previous])
    if kind not in (ENTRY, ITEM_ENTRY, ITEM):
        raise HandOver
    text, after = _plain(lines, number, parent, cut(lines[previous]).rest, number - previous)
    return (-1 if kind == ITEM else key), text, after


def below(lines: list[str], number: int, parent: int) -> tuple[Any, int]:
    """Read the value of a key or dash that starts on a line of its own."""
    rest = cut(lines[number]).rest
    if rest[0] in "'\"[{":
        if is_long(rest):
            return quote(lines, number + 1, parent, rest)
        return value_of_text(rest), number + 1
    if _goes_on(lines, number + 1, parent):
        return _plain(lines, number + 1, parent, rest, 1)
    return plain_value(plain_text(rest)), number + 1


def _goes_on(lines: list[str], number: int, parent: int) -> bool:
    while number < len(lines) and not lines[number].strip(" "):
        number += 1
    if number == len(lines):
        return False
    content = lines[number].lstrip(" ")
    return len(lines[number]) - len(content) > parent and content[0] != "#"


def _plain(lines: list[str], number: int, parent: int, first: str, breaks: int) -> tuple[str, int]:
    """Read a plain text that starts with `first` and goes on at or after line `number`, `breaks` line breaks away."""
    parts = [plain_text(first)]
    if parts[0] != first:
        raise HandOver  # a comment ends the text
    while number < len(lines):
        line = lines[number]
        content = line.strip(" ")
        if not content:
            breaks += 1
            number += 1
            continue
        if len(line) - len(line.lstrip(" ")) <= parent:
            break
        check_printable(content)
        if content[0] == "#" or " #" in content or "\t" in content or ": " in content or content[-1] == ":":
            raise HandOver
        parts.append("\n" * (breaks - 1) or " ")
        parts.append(content)
        breaks = 1
        number += 1
    if len(parts) == 1:
        raise HandOver
    return "".join(parts), number
