"""From the text of one document to its nodes: parser events with their marks, anchors resolved.

A scalar node is the parser's own event (value, style, tag, marks), so it costs nothing; the
parser counts code points from the start of the document, which is what an offset is here.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from meshlint.reading.errors import Refusal, refusal_of

MAX_DEPTH = 256
"""Nesting of collections. Kubernetes allows 10,000; no manifest comes near, and code that walks a document may recurse."""

_SURROGATE = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")

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
    """Give the root node of a document, or None if it is empty.

    Raises `Refusal` where the text is no YAML. libyaml refuses some flow forms that Kubernetes
    accepts (`[2001:db8::1]`, `{b:c}`), so what it refuses is read again by ruamel's own parser.
    """
    import _ruamel_yaml

    try:
        return _compose(_ruamel_yaml.CParser(text))
    except Refusal:
        raise
    except Exception as error:  # noqa: BLE001 - scanner, parser, reader, codec: each has its own kind
        refusal = refusal_of(text, error)
        if not refusal.uncertain:
            raise refusal from None
    return _compose_pure(text, refusal)


def _compose_pure(text: str, refusal: Refusal) -> Node | None:
    from ruamel.yaml import YAML

    if _SURROGATE.search(text):
        raise refusal  # this parser would take half a character for one
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    try:
        _, parser = yaml.get_constructor_parser(text)
        return _compose(parser)
    except Refusal:
        raise
    except Exception:  # noqa: BLE001 - it agrees, in whatever way; libyaml's words are the better ones
        raise refusal from None


def _compose(parser: Any) -> Node | None:
    from ruamel.yaml.events import (
        AliasEvent,
        DocumentStartEvent,
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
    documents = 0
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
        elif kind is DocumentStartEvent:
            documents += 1
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
