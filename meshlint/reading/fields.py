"""Where a field stands in the text. Two modules find fields: `nodefields` in any document, `linefields` in most, faster."""

from __future__ import annotations

from typing import Protocol

import msgspec

from meshlint.findings import Path

Span = tuple[int, int]
"""Offsets in the text of the source; a span may reach over several lines."""


class Field(msgspec.Struct, frozen=True):
    """A field, a list item or the root."""

    key: Span | None
    """None for a list item and for the root."""
    value: Span | None
    """None for a collection, for an empty value and for a block scalar with a key."""
    start: Span
    """What shows the field if it has neither: the first key in it, its first character."""
    is_scalar: bool
    literal: int | None = None
    """The offset of the `|` of a literal block scalar."""


class Fields(Protocol):
    """The fields of one document."""

    def nearest(self, path: Path) -> tuple[Field, int]:
        """Give the deepest field on `path` that exists, and how many steps of the path lead to it."""
        ...
