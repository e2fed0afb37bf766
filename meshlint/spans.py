"""Where the documents of a source stand in its text: kept for every document of a run, so in few bytes."""

from array import array
from collections.abc import Iterable, Iterator

import msgspec


class Span(msgspec.Struct, frozen=True):
    """Where a document stands in its source's text; enough to read it again."""

    start: int
    end: int
    line: int


class Spans:
    """The spans of a source by the number of the document."""

    __slots__ = ("_numbers",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        """`numbers` are start, end and line of each document in turn."""
        self._numbers = array("q", numbers)

    def __len__(self) -> int:
        return len(self._numbers) // 3

    def __getitem__(self, document: int) -> Span:
        return Span(*self._numbers[3 * document : 3 * document + 3])

    def __iter__(self) -> Iterator[Span]:
        return (self[document] for document in range(len(self)))

    def numbers(self) -> list[int]:
        """Start, end and line of each document in turn."""
        return self._numbers.tolist()
