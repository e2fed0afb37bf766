"""What an edit replaces in the text of its document.

Positions come from the parser's nodes. Where an edit has no small and certain form (the value is a
block, comes from an alias, shares its line with a list), there is none: the fix is left to a person.
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from meshlint.findings import Path
from meshlint.fixes.scalars import written
from meshlint.reading import Document
from meshlint.reading.full import is_merge, pairs, scalar_key
from meshlint.reading.nodes import Collection, Node, Reference, compose
from meshlint.reading.refusal import Refusal
from meshlint.reading.scalars import resolve

_INDENT = re.compile(r"[ \t]*")


class TextEdit(msgspec.Struct, frozen=True, order=True):
    """Replace `text[start:end]`."""

    start: int
    end: int
    text: str


class _Entry(msgspec.Struct, frozen=True, eq=False):
    """A field or an item: its container, its place among the siblings, key and value."""

    container: Collection
    index: int
    key: Any
    value: Node

    @property
    def count(self) -> int:
        """How many fields or items the container has."""
        return len(self.container.children) // (2 if self.container.is_mapping else 1)


class Places:
    """Finds the text edits for one document."""

    def __init__(self, text: str, document: Document) -> None:
        self._text = text
        self._offset = document.start
        self._part = text[document.start : document.end]
        try:
            self._root = compose(self._part)
        except Refusal:
            self._root = None

    def edit(self, path: Path, action: str, value: Any) -> TextEdit | None:
        """The edit of the text that does `action` (see `findings.Edit`) at a path; None where there is no safe one."""
        entry = self._entry(path)
        if entry is None:
            return None
        if action == "set":
            found = self._set(entry, value)
        elif action == "rename" and entry.key is not None:
            found = self._scalar(entry.key, written(value, entry.key.style))
        elif action == "move" and entry.key is not None:
            found = self._moved(entry, value)
        elif action == "remove":
            found = self._removed(entry)
        else:
            found = None
        return found and TextEdit(found.start + self._offset, found.end + self._offset, found.text)

    def _entry(self, path: Path) -> _Entry | None:
        entry: _Entry | None = None
        node = self._root
        for step in path:
            if not isinstance(node, Collection):
                return None
            entry = _child(node, step)
            if entry is None:
                return None
            node = entry.value
        return entry

    def _set(self, entry: _Entry, value: Any) -> TextEdit | None:
        node = entry.value
        if isinstance(node, Reference):
            return None
        if isinstance(node, Collection):
            if not node.event.flow_style or node.event.anchor or node.event.tag:
                return None
            return TextEdit(node.event.start_mark.index, node.end, written(value, None))
        if node.style in ("|", ">"):
            return None
        resolved = resolve(node.value) if not node.style else ""
        if isinstance(value, str) and node.value != value and not isinstance(resolved, str | None):
            return None  # quotes around `1.0` or `yes`: only the author knows whether "1.0" or "1" is meant
        start, end = node.start_mark.index, node.end_mark.index
        if start == end:  # `key:` with nothing behind it
            blank = "" if self._part[start - 1 : start].isspace() else " "
            return TextEdit(start, end, f"{blank}{written(value, None)}")
        return self._scalar(node, written(value, node.style))

    def _moved(self, entry: _Entry, keys: Sequence[str]) -> TextEdit | None:
        """`a: 1` becomes `b: {c: 1}`: what stands between key and value, and behind it, stays."""
        key, value = entry.key, entry.value
        if isinstance(value, Collection | Reference) or None in (self._scalar(key, ""), self._scalar(value, "")):
            return None
        first, *rest = (written(step, None) for step in keys)
        text = self._part[value.start_mark.index : value.end_mark.index]
        for step in reversed(rest):
            text = f"{{{step}: {text}}}"
        between = self._part[key.end_mark.index : value.start_mark.index]
        return TextEdit(key.start_mark.index, value.end_mark.index, f"{first}{between}{text}")

    def _scalar(self, node: Any, text: str) -> TextEdit | None:
        if isinstance(node, Reference) or node.anchor or node.tag or node.style in ("|", ">"):
            return None
        return TextEdit(node.start_mark.index, node.end_mark.index, text)

    def _removed(self, entry: _Entry) -> TextEdit | None:
        if entry.container.event.flow_style:
            return self._removed_from_flow(entry)
        start = self._begin(entry)
        if start is None:
            return None
        line = self._part.rfind("\n", 0, start) + 1
        if self._part[line:start].strip(" "):
            return self._removed_behind_dash(entry, start)
        return TextEdit(line, self._line_end(self._end(entry.value)), "")

    def _removed_behind_dash(self, entry: _Entry, start: int) -> TextEdit | None:
        """The first field of a list item gives its place behind the dash to the second."""
        if not entry.container.is_mapping or entry.index or entry.count < 2:
            return None
        following = _start(entry.container.children[2])
        gap = self._part[self._line_end(self._end(entry.value)) : following]
        return TextEdit(start, following, "") if not gap.strip() else None

    def _begin(self, entry: _Entry) -> int | None:
        """Where a field begins: its key; where an item begins: its dash."""
        if entry.key is not None:
            return None if self._part[: _start(entry.key)].rstrip(" ").endswith("?") else _start(entry.key)
        before = self._part[: _start(entry.value)].rstrip(" ")
        return len(before) - 1 if before.endswith("-") else None

    def _removed_from_flow(self, entry: _Entry) -> TextEdit:
        """Take the comma along: the one behind, or for the last field the one before."""
        step = 2 if entry.container.is_mapping else 1
        children = entry.container.children
        first = _start(children[entry.index * step])
        if entry.index + 1 < entry.count:
            return TextEdit(first, _start(children[(entry.index + 1) * step]), "")
        begin = self._end(children[entry.index * step - 1]) if entry.index else first
        return TextEdit(begin, self._end(entry.value), "")

    def _end(self, node: Node) -> int:
        """Where the content of a node ends, without blank lines and comments behind it."""
        while isinstance(node, Collection) and not node.event.flow_style and node.children:
            node = node.children[-1]
        if isinstance(node, Collection):
            return node.end
        end: int = node.event.end_mark.index if isinstance(node, Reference) else node.end_mark.index
        start = _start(node)
        return start + len(self._part[start:end].rstrip()) if end > start else end

    def _line_end(self, offset: int) -> int:
        """The offset behind the line break that follows."""
        end = self._part.find("\n", offset)
        return len(self._part) if end < 0 else end + 1


def _start(node: Node) -> int:
    event = node.event if isinstance(node, Collection | Reference) else node
    start: int = event.start_mark.index
    return start


def _child(node: Collection, step: str | int) -> _Entry | None:
    if not node.is_mapping:
        inside = isinstance(step, int) and 0 <= step < len(node.children)
        return _Entry(node, int(step), None, node.children[int(step)]) if inside else None
    found = None
    for index, (key, value) in enumerate(pairs(node)):
        if isinstance(key, Collection | Reference) or is_merge(key):
            continue
        if scalar_key(key) == str(step):
            found = _Entry(node, index, key, value)
    return found
