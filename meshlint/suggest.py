"""Near misses: which known word was probably meant by one that is not known.

For vocabularies that are fixed (fields, annotations, codes). Names that users make up are a
question for `meshlint.mesh.nearness`: `app-1` is no slip of `app-2`.
"""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is a slip of; None if there is none, or more than one equally near.

    A slip is a different case, or up to two letters too many, too few, wrong or swapped (one in
    words below eight letters, none in words below three). A known word is a slip of none.
    """
    limit = 0 if len(word) < 3 else 1 if len(word) < 8 else 2
    folded = word.casefold()
    best: list[str] = []
    for candidate in known:
        if candidate == word:
            return None
        if abs(len(candidate) - len(word)) > limit:
            continue
        distance = edits(folded, candidate.casefold(), limit)
        if distance < limit or not best:
            if distance > limit:
                continue
            limit, best = distance, [candidate]
        elif distance == limit:
            best.append(candidate)
    return best[0] if len(best) == 1 else None


def edits(one: str, other: str, limit: int) -> int:
    """How many letters are too many, too few, wrong or swapped with their neighbour; `limit + 1` if more than that."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        before, above, row = row, before, [index]
        for column, right in enumerate(other, 1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != right))
            if index > 1 and column > 1 and letter == other[column - 2] and one[index - 2] == right:
                cost = min(cost, above[column - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
