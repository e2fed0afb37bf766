"""Values of a wrong type as their text has them: `1.0` is 1, and `0777` is 511, once it is read."""

from collections.abc import Sequence

import msgspec

from meshlint.problems import Problem, WrongValue
from meshlint.reading import Document, region, resolve, split_lines


def as_written(text: str, documents: Sequence[Document], problem: Problem) -> Problem:
    """The problem with the spelling of its value, where that is another than meshlint's, and a fix that keeps to it.

    `text` is that of the source, whose document and path the spot names.
    """
    if not isinstance(problem, WrongValue) or not isinstance(problem.value, bool | int | float):
        return problem
    spot = problem.spot
    found = region(text, documents[spot.document], spot.path)
    if found.line != found.end_line:
        return problem
    written = split_lines(text)[found.line - 1][found.column - 1 : found.end_column - 1]
    value = resolve(written)
    if type(value) is not type(problem.value) or value != problem.value:
        return problem  # an alias, a tag, or the key of a value that has none
    return msgspec.structs.replace(
        problem, written=written, nearest=f'"{written}"' if (problem.nearest or "").startswith('"') else problem.nearest
    )
