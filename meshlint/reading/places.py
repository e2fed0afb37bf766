"""Where a field lies in the text, found by reading its document again.

Positions are not kept while reading (that costs more than the read itself). Only a document
that has a finding is composed again, from its own start, and once for all of its findings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from meshlint.findings import Part, Path, Region
from meshlint.reading.documents import Document
from meshlint.reading.errors import Refusal
from meshlint.reading.full import is_merge, merge_sources, pairs, scalar_key
from meshlint.reading.lines import Lines
from meshlint.reading.nodes import Collection, Node, Reference, ScalarNode, compose

_PROPERTIES = re.compile(r"(?:[&!][^\s]*|#[^\r\n]*|\s+)*")
"""Anchor and tag before a value, with the blanks and comments between."""


def regions(text: str, document: Document, wanted: Sequence[tuple[Path, Part]]) -> list[Region]:
    """Give the regions of fields of one document, in lines of `text`, each within one line.

    VALUE of a scalar is its text (of several lines, the first), quotes included; a block scalar,
    an empty value and a collection are shown by their key, a collection in a list by the first
    key in it. KEY is the key; of a list item, what VALUE would be. A path that does not exist
    means the nearest enclosing field that does; a whole resource (the root, an item of a List)
    is shown by its `metadata.name`, else its `kind`, else its first key. A value that an alias
    or a merge brings is shown where it is written.
    """
    finder = Finder(text, document)
    return [finder.region(path, part) for path, part in wanted]


def region(text: str, document: Document, path: Path, part: Part = Part.VALUE) -> Region:
    """Give the region of one field; see `regions`."""
    return Finder(text, document).region(path, part)


Entry = tuple[ScalarNode | Reference | None, Node]
"""A field: its key (None for a list item or the root) and its value."""


class Finder:
    """Finds fields in one document."""

    def __init__(self, text: str, document: Document) -> None:
        self.text = text
        self.lines = Lines(text, document.start, document.end, document.line)
        self._start = document.start
        self._entries: dict[int, dict[str, Entry]] = {}
        self._root = _root(text[document.start : document.end])

    def region(self, path: Path, part: Part) -> Region:
        """Give the region of a field; see `regions`."""
        if self._root is None:
            return self.lines.region(self._start, self._start + 1)
        entry, depth = self._nearest(path)
        if depth < len(path):
            part = Part.KEY
        if _is_resource(path[:depth]):
            named = self._name_of(entry[1])
            if named is not None:
                return self._value(named)
        if part is Part.KEY and entry[0] is not None:
            return self._key(entry[0])
        return self._value(entry)

    def find(self, path: Path) -> Entry | None:
        """Give a field, or None where it does not exist."""
        if self._root is None:
            return None
        entry, depth = self._nearest(path)
        return entry if depth == len(path) else None

    def span(self, node: ScalarNode) -> tuple[int, int]:
        """Give the offsets in the source text of a scalar, without its anchor and tag."""
        start, end = node.start_mark.index, node.end_mark.index
        if node.anchor or node.tag:
            match = _PROPERTIES.match(self.text, self._start + start, self._start + end)
            if match is not None:
                return match.end(), self._start + end
        return self._start + start, self._start + end

    def key_region(self, entry: Entry) -> Region:
        """Give the region of a field's key; of a list item, its start."""
        return self._key(entry[0]) if entry[0] is not None else self._value(entry)

    def _nearest(self, path: Path) -> tuple[Entry, int]:
        """Give the deepest field on `path` that exists, and how many steps lead to it."""
        entry: Entry = (None, self._root)
        for depth, step in enumerate(path):
            following = self._step(_target(entry[1]), step)
            if following is None:
                return entry, depth
            entry = following
        return entry, len(path)

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

    def _name_of(self, node: Node) -> Entry | None:
        """Give the field that names a resource: `metadata.name`, else `kind`."""
        metadata = self._step(_target(node), "metadata")
        name = self._step(_target(metadata[1]), "name") if metadata else None
        for entry in (name, self._step(_target(node), "kind")):
            if entry is not None and not isinstance(_target(entry[1]), Collection):
                return entry
        return None

    def _key(self, key: ScalarNode | Reference) -> Region:
        if isinstance(key, Reference):
            mark = key.event.start_mark.index
            return self.lines.region(self._start + mark, self._start + key.event.end_mark.index)
        return self.lines.region(*self.span(key))

    def _value(self, entry: Entry) -> Region:
        key, node = entry
        target = _target(node)
        if isinstance(target, Collection):
            if key is not None:
                return self._key(key)
            return self._collection(target)
        start, end = self.span(target)
        if key is not None and (target.style in ("|", ">") or start >= end):
            return self._key(key)
        return self.lines.region(start, end)

    def _collection(self, node: Collection) -> Region:
        """Show a collection that has no key: by the first key in it, else by its own first line."""
        if node.is_mapping and node.children and not isinstance(node.children[0], Collection):
            return self._key(node.children[0])
        start = self._start + node.event.start_mark.index
        if node.event.flow_style:
            return self.lines.region(start, self._start + node.end)
        return self.lines.region(start, start + 1)


def _root(part: str) -> Node | None:
    try:
        return compose(part)
    except Refusal:
        return None  # a document that only JSON could read has no fields that could be shown


def _target(node: Node) -> Collection | ScalarNode:
    return node.target if isinstance(node, Reference) else node


def _is_resource(path: Path) -> bool:
    """Whether a path leads to a whole resource: the document, or an item of a List."""
    return not path or (len(path) == 2 and path[0] == "items" and isinstance(path[1], int))
