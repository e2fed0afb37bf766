"""Why a document cannot be read, in the words of someone who writes Kubernetes manifests."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from meshlint.reading.refusal import Refusal

_TEMPLATE = re.compile(r"(?P<mark>\{\{|\{%)")
_OPEN_TEMPLATE = re.compile(r"(?:^|: |- )[ \t]*(?P<mark>\{\{|\{%)", re.MULTILINE)
"""A template that is not inside quotes: at the start of a line or of a value."""
_KEY_ITEM_OR_COMMENT = re.compile(r"#|- |-?$|---|.*:(?:\s|$)")
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTE_IT = "put the value in quotes"


class _Words(NamedTuple):
    message: str
    help: str | None
    offset: int


def refusal_of(text: str, error: Exception) -> Refusal:
    """Say in our words what the parser's `error` means in `text`."""
    problem = str(getattr(error, "problem", None) or "")
    if not problem:
        return _bad_character(text, error)
    at = _index(getattr(error, "problem_mark", None), len(text))
    start = _index(getattr(error, "context_mark", None), at)
    words = _template(text, at) or _words(text, problem, at, start)
    return Refusal(words.message, help=words.help, offset=words.offset, is_syntax=True)


def template_refusal(text: str, offset: int) -> Refusal | None:
    """Give the refusal for a `{{ ... }}` at `offset`, which YAML takes for a mapping inside a key."""
    words = _template(text, offset)
    return Refusal(words.message, help=words.help, offset=words.offset, length=2) if words else None


def _index(mark: Any, default: int) -> int:
    return default if mark is None else int(mark.index)


def _bad_character(text: str, error: Exception) -> Refusal:
    match = _NOT_PRINTABLE.search(text)
    if match is None:
        return Refusal(f"not readable as YAML: {error}", offset=0)
    return Refusal(
        f"the character U+{ord(match[0]):04X} is not allowed in YAML",
        help="remove it, or write it as an escape in double quotes",
        offset=match.start(),
    )


def _template(text: str, at: int) -> _Words | None:
    """Name a template on the line of the error or, failing that, one that begins a value or a line before it."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    match = _TEMPLATE.search(text, start, len(text) if end < 0 else end) or _OPEN_TEMPLATE.search(text, 0, at)
    if match is None:
        return None
    mark = match["mark"]
    return _Words(
        f"template syntax (`{mark}`) is not YAML",
        "render the template first, for example with `helm template`, and check what comes out",
        match.start("mark"),
    )


def _words(text: str, problem: str, at: int, start: int) -> _Words:
    """Choose the words; `at` is where the parser stopped, `start` where the thing it was reading began."""
    if "cannot start any token" in problem:
        return _stray_character(text[at : at + 1], at)
    if "tab character" in problem:
        return _Words("a tab indents this line; YAML allows only spaces there", "replace the tab with spaces", at)
    if "mapping values are not allowed" in problem:
        return _stray_colon(text, at)
    if "could not find expected ':'" in problem:
        return _Words(
            "this is neither `key: value` nor a list item",
            "add the missing colon, or indent the line more if it continues the value above",
            start,
        )
    if "end of stream" in problem or "document indicator" in problem:
        return _Words(f"the quote `{text[start : start + 1]}` is never closed", "add the closing quote", start)
    if "',' or ']'" in problem or "',' or '}'" in problem:
        return _unclosed(text, at, start)
    if "expected key" in problem or "'-' indicator" in problem or "<block end>" in problem:
        return _misfit(text, problem, at)
    return _other_words(text, problem, at)


def _stray_colon(text: str, at: int) -> _Words:
    line_start = text.rfind("\n", 0, at) + 1
    before = text[:line_start].rstrip()
    start = before.rfind("\n") + 1
    start += len(before) - start - len(before[start:].lstrip())
    if start < len(before) and not _KEY_ITEM_OR_COMMENT.match(before, start) and ": " not in text[line_start:at]:
        return _Words(
            "this line is neither `key: value` nor a list item", "write a colon and a blank after the key", start
        )
    return _Words(
        "a `:` where no key can stand",
        "quote the value if the colon belongs to it; else indent this key like its siblings",
        at,
    )


def _stray_character(character: str, at: int) -> _Words:
    if character == "\t":
        return _Words("a tab indents this line; YAML allows only spaces there", "replace the tab with spaces", at)
    return _Words(f"a value cannot start with `{character}`", _QUOTE_IT, at)


def _unclosed(text: str, at: int, start: int) -> _Words:
    bracket = text[start : start + 1]
    if not text[at : at + 1].strip() or "\n" in text[start:at]:
        return _Words(
            f"the bracket `{bracket}` is never closed", "close it, or separate its entries with commas", start
        )
    return _Words(
        f"a comma or the end of `{bracket}` is missing here",
        "separate entries with commas; quote values that hold them",
        at,
    )


def _misfit(text: str, problem: str, at: int) -> _Words:
    before = text[:at].rpartition("\n")[2]
    if before.strip():
        return _Words(
            "text after the end of a value", "quote the whole value, or put what follows on a line of its own", at
        )
    if "'-' indicator" in problem:
        return _Words(
            "this line is no item of the list it stands in",
            "start it with `- `, or indent it like the keys outside the list",
            at,
        )
    return _Words("the indentation of this line fits no line above", "indent it like the keys it belongs to", at)


def _other_words(text: str, problem: str, at: int) -> _Words:
    character = text[at : at + 1]
    if "block sequence entries are not allowed" in problem:
        return _Words("a list item cannot start here", "put the list on lines of its own, below its key", at)
    if "mapping keys are not allowed" in problem:
        return _Words("a key cannot start here", _QUOTE_IT, at)
    if "alphabetic or numeric character" in problem:
        # libyaml stops behind the indicator
        return _Words(
            "a value cannot start with `*` or `&`: YAML takes it for an alias or anchor", _QUOTE_IT, max(at - 1, 0)
        )
    if "unknown escape" in problem:
        return _Words("an unknown escape in double quotes", "use single quotes, or double the backslash", at)
    if "expected node content" in problem:
        if not text[at:].strip():
            return _unclosed(text, at, max(text.rfind("["), text.rfind("{"), 0))
        return _Words(f"`{character}` where a value should stand", _QUOTE_IT, at)
    if "document start" in problem:
        return _Words("text after the end of the document", "start a new document with `---`", at)
    if "tag handle" in problem:
        return _Words("a tag of a namespace that no %TAG directive defines", _QUOTE_IT, at)
    return _Words(f"not valid YAML: {problem}", None, at)
