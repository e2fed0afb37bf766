"""From a text to its documents: each with the fast reader if it can, else with the full one."""

from __future__ import annotations

from typing import Any

from meshlint.problems import SyntaxProblem
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


def content(text: str) -> Any:
    """Give the data of the first document of a text, None where it is empty, a SyntaxProblem where it is no YAML.

    Go's `yaml.Unmarshal` reads no further either. The problem's region is one of `text`.
    """
    reading = read(text)
    first = reading.documents[0] if reading.documents else None
    broken = next((problem for problem in reading.problems if isinstance(problem, SyntaxProblem)), None)
    region = broken.spot.region if broken else None
    if broken is not None and (first is None or region is None or region.line <= first.line):
        return broken
    return first.data if first else None
