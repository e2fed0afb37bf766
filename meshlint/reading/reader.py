"""From a text to its documents: each with the fast reader if it can, else with the full one."""

from __future__ import annotations

from meshlint.reading import fast
from meshlint.reading.documents import Document, Reading, split
from meshlint.reading.handover import HandOver


def read(text: str) -> Reading:
    """Read all documents as Kubernetes would. Never raises; the spots of problems have source 0.

    The data is shared between documents and must not be changed.
    """
    reading = Reading([], [])
    for piece in split(text):
        try:
            data = fast.parse(text[piece.start : piece.end])
        except HandOver:
            from meshlint.reading.full import read_piece

            read_piece(text, piece, reading)
        else:
            if data is not None:
                reading.documents.append(Document(data, piece.start, piece.end, piece.line))
    return reading


def read_full(text: str) -> Reading:
    """Read all documents with the full reader: the same result, more slowly."""
    from meshlint.reading.full import read_piece

    reading = Reading([], [])
    for piece in split(text):
        read_piece(text, piece, reading)
    return reading
