"""What one line of block-style YAML says, without knowing the lines around it.

Manifests repeat their lines, so the fast reader asks this once per distinct line. It knows the
forms that Kubernetes YAML is written in and raises `HandOver` for all others; what it does say
is what the full reader would say.
"""

from __future__ import annotations

import math
import re
from sys import intern
from typing import Any

import msgspec

from meshlint.reading import flow
from meshlint.reading.handover import HandOver
from meshlint.reading.scalars import key_of, resolve

SKIP, ENTRY, OPEN, ITEM_ENTRY, ITEM_OPEN, ITEM, DASH, LONG, ITEM_LONG, DASH_LONG, TEXT, UNKNOWN = range(12)
"""Kinds of lines: blank or comment; `key: value`; `key:`; `- key: value`; `- key:`; `- value`; `-`;
`key: |`, `- key: |` and `- |` (or the start of a quoted text that ends on a later line); text without a key;
a form that only the full reader knows."""

Line = tuple[int, int, int, str | None, Any]
"""Kind; level (twice the column of the key, or of the dash plus one half: so one comparison tells nesting);
level of the key behind a dash; key; value."""
_Head = tuple[int, int, int, str | None]
"""A `Line` without its value."""

MAX_INDENT = 80
"""Deeper lines are handed over: so the nesting that the full reader refuses is never reached here."""
MAX_LINE = 20_000
"""Longer lines are handed over: the full reader is the faster one there."""
MAX_KEY = 1000
"""YAML allows 1,024 characters between the start of a key and its colon."""

# Patterns are text and compiled when first used: a run over clean files needs none of them.
_UNSAFE = "[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_ESCAPE = r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t", "r": "\r"}
_WORD_START = frozenset("/_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NO_PLAIN_START = frozenset(",[]{}#&*!|>'\"%@`")
_INDICATORS = ["", "+", "-"]
_INDICATORS += [f"{digit}{chomp}" for digit in range(1, 10) for chomp in ("", "+", "-")]
_INDICATORS += [f"{chomp}{digit}" for digit in range(1, 10) for chomp in "+-"]
_BLOCK_HEADERS = frozenset(style + indicators for style in "|>" for indicators in _INDICATORS)


class Parts(msgspec.Struct, frozen=True, gc=False):
    """A line cut up: columns count from 0, `rest` is what stands where the value belongs, without blanks around it."""

    indent: int
    dash: bool
    key_column: int
    """Where the key (or, without one, the text) starts."""
    key_end: int
    key: str | None
    rest_column: int
    rest: str


_heads: dict[str, _Head | None] = {}
"""What stands before the value of lines (`  name: `, `  - `), each as what it makes of the line; None where that
is no value."""
_MOST_HEADS = 5_000


def classify(line: str) -> Line:
    """Say what a line is; see `Line`. A name stands in many different lines: it is kept once."""
    start = line.find(": ") + 2
    if start == 1:
        start = line.rfind(" ") + 1
    rest = line[start:]
    is_quoted = rest[:1] == '"' and _is_simple(rest)
    if (is_quoted or _is_word(rest)) and len(line) <= MAX_LINE:
        head = line[:start]
        known = _heads[head] if head in _heads else _remember_head(head)
        if known is not None:
            value = rest[1:-1] if is_quoted else resolve(rest)
            return (*known, intern(value) if type(value) is str else value)
    return _classify_any(line)


def _is_word(rest: str) -> bool:
    """Whether a value is plain at first sight: one word, of ASCII."""
    return rest[:1] in _WORD_START and " " not in rest and rest[-1] != ":" and rest.isascii() and rest.isprintable()


def _is_simple(rest: str) -> bool:
    """Whether a text in double quotes is what it looks like: nothing is escaped in it, and nothing behind it."""
    return rest.find('"', 1) == len(rest) - 1 > 0 and "\\" not in rest and rest.isascii() and rest.isprintable()


def _remember_head(head: str) -> _Head | None:
    """Say what stands before a word makes of the line: keys repeat far more often than their values."""
    if len(_heads) >= _MOST_HEADS:
        _heads.clear()
    kind, level, key_level, key, value = _classify_any(f"{head}word")
    is_value = kind in (ENTRY, ITEM_ENTRY, ITEM) and value == "word"
    _heads[head] = (kind, level, key_level, key) if is_value else None
    return _heads[head]


def _classify_any(line: str) -> Line:
    """Say what a line is, cutting it into its parts."""
    body = line.lstrip(" ")
    if not body:
        return SKIP, 0, 0, None, None
    try:
        if body[0] == "#":
            check_printable(body)
            return SKIP, 0, 0, None, None
        return _classify(cut(line))
    except HandOver:
        return UNKNOWN, 2 * (len(line) - len(body)), 0, None, None


def _classify(parts: Parts) -> Line:
    level = 2 * parts.indent + parts.dash
    inner = 2 * parts.key_column
    if parts.key is None:
        if not parts.dash:
            return TEXT, level, 0, None, parts.rest
        if not parts.rest or parts.rest[0] == "#":
            return DASH, level, 0, None, None
        if is_long(parts.rest):
            return DASH_LONG, level, 0, None, parts.rest
        return ITEM, level, 0, None, value_of_text(parts.rest)
    if not parts.rest or parts.rest[0] == "#":
        return (ITEM_OPEN if parts.dash else OPEN), level, inner, parts.key, None
    if is_long(parts.rest):
        return (ITEM_LONG if parts.dash else LONG), level, inner, parts.key, parts.rest
    return (ITEM_ENTRY if parts.dash else ENTRY), level, inner, parts.key, value_of_text(parts.rest)


def cut(line: str) -> Parts:
    """Cut a line that is neither blank nor a comment into its parts."""
    body = line.lstrip(" ")
    indent = len(line) - len(body)
    check_printable(body)
    if indent > MAX_INDENT or len(line) > MAX_LINE or "\t" in body or body[0] == "%":
        raise HandOver
    column = indent
    dash = body[0] == "-" and body[1:2] in ("", " ")
    if dash:
        rest = body[1:].lstrip(" ")
        column += len(body) - len(rest)
        body = rest
        if body[:2] in ("-", "- "):
            raise HandOver
    if not body or body[0] == "#":
        return Parts(indent, dash, column, column, None, column, body)
    key, key_length, value_at = _key(body)
    rest = body[value_at:].lstrip(" ")
    return Parts(indent, dash, column, column + key_length, key, column + len(body) - len(rest), rest.rstrip(" "))


def _key(body: str) -> tuple[str | None, int, int]:
    """Give the key that `body` starts with, the length of its text, and where its value may start."""
    if body[0] in "'\"":
        match = quoted(body)
        if match is None:
            return None, 0, 0
        text, end = match
        colon = len(body) - len(body[end:].lstrip(" "))
        if body[colon : colon + 1] != ":" or body[colon + 1 : colon + 2] not in ("", " "):
            return None, 0, 0
        if end > MAX_KEY:
            raise HandOver
        return text, end, colon + 1
    if body[0] in _NO_PLAIN_START:
        return None, 0, 0
    colon = body.find(": ")
    if colon < 0:
        if body.rstrip(" ")[-1] != ":":
            return None, 0, 0
        colon = len(body.rstrip(" ")) - 1
    written = body[:colon].rstrip(" ")
    if " #" in written:
        return None, 0, 0
    check_start(written)
    key = key_of(written, None, plain=True)
    if key is None or written == "<<" or colon > MAX_KEY:
        raise HandOver
    return key, len(written), colon + 1


def check_start(text: str) -> None:
    """Hand over what a plain text cannot start with."""
    if not text or text[0] in _NO_PLAIN_START or (text[0] in "-?:" and text[1:2] in ("", " ")):
        raise HandOver


def check_printable(text: str) -> None:
    """Hand over characters that YAML refuses or takes for line breaks."""
    if not text.isprintable() and re.search(_UNSAFE, text):
        raise HandOver


def is_long(rest: str) -> bool:
    """Whether the value that starts with `rest` goes on in the next lines: a block scalar, a quote left open."""
    if rest[0] in "|>":
        header = rest.partition(" ")[0]
        if header not in _BLOCK_HEADERS:
            raise HandOver
        check_tail(rest, len(header))
        return True
    return rest[0] in "'\"" and quoted(rest) is None


def value_of_text(rest: str) -> Any:
    """Give the value that stands on one line, with perhaps a comment behind it."""
    if rest[0] in "'\"":
        match = quoted(rest)
        if match is None:
            raise HandOver
        text, end = match
        check_tail(rest, end)
        return text
    if rest[0] in "[{":
        collection, end = flow.parse(rest, 0)
        check_tail(rest, end)
        return collection
    return plain_value(plain_text(rest))


def plain_text(rest: str) -> str:
    """Give the text of a plain scalar on one line, without its comment."""
    check_start(rest)
    comment = rest.find(" #")
    text = rest if comment < 0 else rest[:comment].rstrip(" ")
    if ": " in text or text[-1] == ":":
        raise HandOver
    return text


def plain_value(text: str) -> Any:
    """Give the value of a plain scalar."""
    value = resolve(text)
    if isinstance(value, float) and not math.isfinite(value):
        raise HandOver
    return value


def check_tail(rest: str, end: int) -> None:
    """Hand over what stands behind a value, other than a comment."""
    tail = rest[end:].lstrip(" ")
    if tail and (tail[0] != "#" or rest[end] != " "):
        raise HandOver


def comment_at(line: str) -> int:
    """Give the offset of the comment in a line that is no part of a longer text, or -1."""
    body = line.lstrip(" ")
    if body[:1] == "#":
        return len(line) - len(body)
    parts = cut(line)
    rest = parts.rest
    if rest[:1] in ("'", '"'):
        match = quoted(rest)
        at = rest.find("#", match[1]) if match else -1
    elif rest[:1] in ("[", "{"):
        at = rest.find("#", flow.parse(rest, 0)[1])
    else:
        at = f" {rest}".find(" #")
    return parts.rest_column + at if at >= 0 else -1


def quoted(text: str) -> tuple[str, int] | None:
    """Give the text in the quotes that `text` starts with, and where it goes on; None if they do not close."""
    end = _closing(text)
    return None if end < 0 else (unquoted(text[0], text[1:end]), end + 1)


def _closing(text: str) -> int:
    """Give the offset of the quote that closes the one at the start of `text`, or -1."""
    quote = text[0]
    end = text.find(quote, 1)
    while end > 0:
        if quote == "'" and text.startswith("'", end + 1):
            end = text.find(quote, end + 2)
        elif quote == '"' and _is_escaped(text, end):
            end = text.find(quote, end + 1)
        else:
            break
    return end


def _is_escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes precedes."""
    start = at
    while text[start - 1] == "\\":
        start -= 1
    return (at - start) % 2 == 1


def unquoted(quote: str, inner: str) -> str:
    """Resolve what is escaped between quotes."""
    if quote == "'":
        return inner.replace("''", "'")
    return re.sub(_ESCAPE, _unescape, inner) if "\\" in inner else inner


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "xu" and len(escape) > 1:
        code = int(escape[1:], 16)
        if 0xD800 <= code <= 0xDFFF:
            raise HandOver
        return chr(code)
    if escape not in _ESCAPES:
        raise HandOver
    return _ESCAPES[escape]
