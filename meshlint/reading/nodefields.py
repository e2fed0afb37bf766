"""Finds fields in the nodes of a document: any YAML, with the full parser."""

from __future__ import annotations

import re

from meshlint.findings import Path
from meshlint.reading.documents import Document
from meshlint.reading.fields import Field, Span
from meshlint.reading.full import is_merge, merge_sources, pairs, scalar_key
from meshlint.reading.nodes import Collection, Node, Reference, ScalarNode, compose
from meshlint.reading.refusal import Refusal

_PROPERTIES = r"(?:[&!][^\s]*|#[^\r\n]*|\s+)*"
"""Anchor and tag before a value, with the blanks and comments between."""

Entry = tuple[ScalarNode | Reference | None, Node]
"""A key (None for a list item or the root) and its value."""


class NodeFields:
    """The fields of a document. What an alias or a merge brings is where it is written."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._start = document.start
        self._entries: dict[int, dict[str, Entry]] = {}
        try:
            self._root = compose(text[document.start : document.end])
        except Refusal:
            self._root = None  # only JSON could read it: its fields cannot be shown

    def nearest(self, path: Path) -> tuple[Field, int]:
        """See `Fields`."""
        if self._root is None:
            return Field(None, None, (self._start, self._start + 1), is_scalar=False), 0
        entry: Entry = (None, self._root)
        for depth, step in enumerate(path):
            following = self._step(_target(entry[1]), step)
            if following is None:
                return self._field(entry), depth
            entry = following
        return self._field(entry), len(path)

    def _step(self, node: Collection | ScalarNode, step: str | int) -> Entry | None:
        if not isinstance(node, Collection):
            return None
        if node.is_mapping:
            return self._fields(node).get(str(step))
        if isinstance(step, int) and 0 <= step < len(node.children):
            return None, node.children[step]
        return None

    def _fields(self, node: Collection) -> dict[str, Entry]:
        """Give the fields of a mapping as they count in the end: what comes later wins, merges included."""
        fields = self._entries.get(id(node))
        if fields is None:
            fields = {}
            for key, value in pairs(node):
                if is_merge(key):
                    for source in merge_sources(value) or ():
                        fields.update(self._fields(_target(source)))
                else:
                    fields[scalar_key(_target(key)) or ""] = (key, value)
            self._entries[id(node)] = fields
        return fields

    def _field(self, entry: Entry) -> Field:
        key = None if entry[0] is None else self._key(entry[0])
        target = _target(entry[1])
        if isinstance(target, Collection):
            return Field(key, None, self._first(target), is_scalar=False)
        start, end = self._scalar(target)
        if target.style in ("|", ">"):
            literal = start if target.style == "|" else None
            value = None if key else (start, start + 1)
            return Field(key, value, (start, start + 1), is_scalar=True, literal=literal)
        return Field(key, (start, end) if start < end else None, (start, end), is_scalar=True)

    def _key(self, key: ScalarNode | Reference) -> Span:
        if isinstance(key, Reference):
            return self._start + key.event.start_mark.index, self._start + key.event.end_mark.index
        return self._scalar(key)

    def _scalar(self, node: ScalarNode) -> Span:
        """Give the extent of a scalar, without its anchor and tag."""
        start, end = self._start + node.start_mark.index, self._start + node.end_mark.index
        if node.anchor or node.tag:
            match = re.match(_PROPERTIES, self._text[start:end])
            if match is not None:
                start += match.end()
        return start, end

    def _first(self, node: Collection) -> Span:
        if node.is_mapping and node.children and not isinstance(node.children[0], Collection):
            return self._key(node.children[0])
        start = self._start + node.event.start_mark.index
        return start, self._start + node.end if node.event.flow_style else start + 1


def _target(node: Node) -> Collection | ScalarNode:
    return node.target if isinstance(node, Reference) else node
