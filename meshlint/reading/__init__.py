"""From text to plain data, as Kubernetes reads it, and from a path in the data back to its place in the text.

The names below are what the rest of meshlint uses. They load nothing heavy: the parser is
imported by the first text that needs it.
"""

from meshlint.reading.comments import Comment, comments
from meshlint.reading.documents import Document, Reading
from meshlint.reading.lines import split_lines
from meshlint.reading.nested import Nested, content, nested
from meshlint.reading.places import region, regions
from meshlint.reading.reader import read, read_full
from meshlint.reading.refusal import looks_like_template
from meshlint.reading.scalars import resolve

__all__ = [
    "Comment",
    "Document",
    "Nested",
    "Reading",
    "comments",
    "content",
    "looks_like_template",
    "nested",
    "read",
    "read_full",
    "region",
    "regions",
    "resolve",
    "split_lines",
]
