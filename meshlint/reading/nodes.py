"""From the text of one document to its nodes: parser events with their marks, anchors resolved.

A scalar node is the parser's own event (value, style, tag, marks), so it costs nothing; the
parser counts code points from the start of the document, which is what an offset is here.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from meshlint.reading.refusal import Refusal

MAX_DEPTH = 200
"""Nesting of collections. Kubernetes allows 10,000; no manifest comes near, and code that walks a document may recurse."""

_SAFE_COLON = r"(?m)(^%.*|!\S*)|(?<=[\w.\-/:]):(?=\S)"
"""A colon inside a word: nowhere in YAML does it mean anything, but in directives and tags, which are kept."""

_MAX_MASKED = 100
_MAX_MASKED_TEXT = 20_000_000
"""Rounds of parsing a document for the colons that `_SAFE_COLON` leaves, and characters parsed in all of them."""

ScalarNode = Any
"""`ruamel.yaml.events.ScalarEvent`: the C parser has no types."""


class Collection(msgspec.Struct, eq=False):
    """A mapping (`children` alternate key, value) or a sequence. `end` is exclusive."""

    is_mapping: bool
    children: list[Node]
    event: Any
    end: int = 0


class Reference(msgspec.Struct, eq=False):
    """An alias and the node it stands for (which may enclose it: then it is recursive)."""

    event: Any
    target: Collection | ScalarNode


Node = Collection | Reference | ScalarNode


def compose(text: str) -> Node | None:
    """Give the root node of a document, or None if it is empty. Raises `Refusal` where the text is no YAML."""
    import _ruamel_yaml

    from meshlint.reading.errors import refusal_of

    try:
        return _compose(_ruamel_yaml.CParser(text))
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001 - scanner, parser, reader, codec: each has its own kind
        if _too_strict(text, error) is None:
            raise refusal_of(text, error) from None
        return _compose_masked(text, error)


def _too_strict(text: str, error: Exception) -> int | None:
    """Give the offset of a character that libyaml refuses although Kubernetes' parser takes it for part of a text.

    In flow collections that is a colon with no blank behind it (`[2001:db8::1]`, `{b:c}`), and a
    question mark inside a word.
    """
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return None
    at: int = mark.index
    if text.startswith(":", at) and "unexpected ':'" in str(getattr(error, "problem", "")):
        return at
    if text.startswith("?", at) and at and not text[at - 1].isspace() and text[at - 1] not in "[]{},":
        return at
    return None


def _compose_masked(text: str, error: Exception) -> Node | None:
    """Parse with stand-ins for the characters that libyaml is too strict about, and put these back into the nodes.

    The stand-ins take as much room, so all marks stay right. Colons that are safe to replace go at
    once, the rest one by one.
    """
    import _ruamel_yaml

    from meshlint.reading.errors import refusal_of

    colon, question = _unused_characters(text)
    masked = re.sub(_SAFE_COLON, lambda match: match[1] or colon, text)
    for _ in range(max(2, min(_MAX_MASKED, _MAX_MASKED_TEXT // len(text)))):
        at = _too_strict(text, error)
        if at is None:
            break
        masked = masked[:at] + (colon if text[at] == ":" else question) + masked[at + 1 :]
        try:
            root = _compose(_ruamel_yaml.CParser(masked))
        except Refusal:
            raise
        except Exception as following:  # noqa: BLE001 - as above
            error = following
        else:
            _unmask(root, {ord(colon): ":", ord(question): "?"})
            return root
    raise refusal_of(text, error)


def _unused_characters(text: str) -> tuple[str, str]:
    used = set(text)
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in used)
    return next(free, ":"), next(free, "?")


def _unmask(root: Node | None, table: dict[int, str]) -> None:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Collection):
            stack.extend(node.children)
        elif node is not None and not isinstance(node, Reference):
            node.value = node.value.translate(table)


def _compose(parser: Any) -> Node | None:
    from ruamel.yaml.events import (
        AliasEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
        StreamEndEvent,
    )

    root: list[Node] = []
    children = root
    stack: list[tuple[Collection | None, list[Node]]] = []
    current: Collection | None = None
    anchors: dict[str, Any] = {}
    get_event = parser.get_event
    while True:
        event = get_event()
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor:
                anchors[event.anchor] = event
            children.append(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if len(stack) >= MAX_DEPTH:
                raise Refusal(f"nested more than {MAX_DEPTH} levels deep", offset=event.start_mark.index)
            node = Collection(kind is MappingStartEvent, [], event)
            if event.anchor:
                anchors[event.anchor] = node
            children.append(node)
            stack.append((current, children))
            current, children = node, node.children
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            assert current is not None
            current.end = event.end_mark.index
            current, children = stack.pop()
        elif kind is AliasEvent:
            target = anchors.get(event.anchor)
            if target is None:
                raise _unknown_anchor(event)
            children.append(Reference(event, target))
        elif kind is StreamEndEvent or event is None:
            return root[0] if root else None


def _unknown_anchor(event: Any) -> Refusal:
    return Refusal(
        f"`*{event.anchor}` refers to an anchor that this document does not define above it",
        help="if the asterisk belongs to the value, put the value in quotes; else define the anchor with "
        f"`&{event.anchor}` first",
        offset=event.start_mark.index,
        length=len(event.anchor) + 1,
    )
