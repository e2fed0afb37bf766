"""Where the documents of a source stand in its text: kept for every document of a run, so in few bytes."""

from collections.abc import Iterable, Iterator

import msgspec


class Span(msgspec.Struct, frozen=True):
    """Where a document stands in its source's text; enough to read it again."""

    start: int
    end: int
    line: int


_WIDTH = 6
"""Bytes of a number."""


class Spans:
    """The spans of a source by the number of the document."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        """`numbers` are start, end and line of each document in turn."""
        self._numbers = b"".join([number.to_bytes(_WIDTH, "big") for number in numbers])

    def __len__(self) -> int:
        return len(self._numbers) // (3 * _WIDTH)

    def __getitem__(self, document: int) -> Span:
        return Span(*_read(self._numbers[3 * _WIDTH * document : 3 * _WIDTH * (document + 1)]))

    def __iter__(self) -> Iterator[Span]:
        return (self[document] for document in range(len(self)))

    def numbers(self) -> list[int]:
        """Start, end and line of each document in turn."""
        return _read(self._numbers)


def _read(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + _WIDTH], "big") for at in range(0, len(packed), _WIDTH)]
