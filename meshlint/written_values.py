"""Values of a wrong type as their text has them: `1.0` is 1, and `0777` is 511, once it is read."""

from collections.abc import Sequence

import msgspec

from meshlint.findings import Part, Spot
from meshlint.problems import Problem, WrongValue
from meshlint.reading import Document
from meshlint.reading.lines import split_lines
from meshlint.reading.places import Finder
from meshlint.reading.scalars import resolve


class Spelling:
    """How the values of a source are written. Each document is read for its places once, however much is wrong in it."""

    def __init__(self, text: str, documents: Sequence[Document]) -> None:
        self._text = text
        self._lines = split_lines(text)
        self._documents = documents
        self._finders: dict[int, Finder] = {}

    def of(self, problem: Problem) -> Problem:
        """The problem with the spelling of its value, if it is a number or boolean, and a replacement that keeps to it.

        The spot of the problem names document and path.
        """
        if not isinstance(problem, WrongValue) or not isinstance(problem.value, bool | int | float):
            return problem
        written = self._written(problem.spot)
        if written is None:
            return problem
        value = resolve(written)
        if type(value) is not type(problem.value) or value != problem.value:
            return problem  # an alias, a tag, or the key of a value that has none
        quoted = (problem.nearest or "").startswith('"')
        return msgspec.structs.replace(problem, written=written, nearest=f'"{written}"' if quoted else problem.nearest)

    def _written(self, spot: Spot) -> str | None:
        finder = self._finders.get(spot.document)
        if finder is None:
            finder = self._finders[spot.document] = Finder(self._text, self._documents[spot.document])
        found = finder.region(spot.path, Part.VALUE)
        if found.line != found.end_line:
            return None
        return self._lines[found.line - 1][found.column - 1 : found.end_column - 1]
