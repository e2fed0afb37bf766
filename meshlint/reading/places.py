"""Where a field lies in the text, found by reading its document again.

Positions are not kept while reading (that costs more than the read itself). Only a document
that has a finding is read again, from its own start, and once for all of its findings.
"""

from __future__ import annotations

from collections.abc import Sequence

from meshlint.findings import Part, Path, Region
from meshlint.reading.documents import Document
from meshlint.reading.fields import Field, Fields
from meshlint.reading.handover import HandOver
from meshlint.reading.linefields import LineFields
from meshlint.reading.lines import Lines


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


class Finder:
    """Finds regions in one document."""

    def __init__(self, text: str, document: Document, fields: Fields | None = None) -> None:
        """`fields` is how fields are found: by lines if the document allows it, else by nodes."""
        self.lines = Lines(text, document.start, document.end, document.line)
        self._fields = fields or find_fields(text, document, self.lines)

    def region(self, path: Path, part: Part) -> Region:
        """Give the region of a field; see `regions`."""
        field, depth = self._fields.nearest(path)
        exists = depth == len(path)
        if _is_resource(path[:depth]):
            field = self._name(path[:depth]) or field
            exists = True
            part = Part.VALUE
        if part is Part.VALUE and exists and field.value is not None:
            return self.lines.region(*field.value)
        return self.key(field)

    def find(self, path: Path) -> Field | None:
        """Give a field, or None where it does not exist."""
        field, depth = self._fields.nearest(path)
        return field if depth == len(path) else None

    def key(self, field: Field) -> Region:
        """Give the region of the key; of a list item or the root, of its start."""
        return self.lines.region(*(field.key or field.start))

    def _name(self, resource: Path) -> Field | None:
        """Give the field that names a resource: `metadata.name`, else `kind`."""
        for path in ((*resource, "metadata", "name"), (*resource, "kind")):
            field = self.find(path)
            if field is not None and field.is_scalar:
                return field
        return None


def find_fields(text: str, document: Document, lines: Lines) -> Fields:
    """Choose how fields are found."""
    try:
        return LineFields(text, document, lines)
    except HandOver:
        from meshlint.reading.nodefields import NodeFields

        return NodeFields(text, document)


def _is_resource(path: Path) -> bool:
    """Whether a path leads to a whole resource: the document, or an item of a List."""
    return not path or (len(path) == 2 and path[0] == "items" and isinstance(path[1], int))
