"""Answers that may be unknown, because a repository rarely holds a whole mesh."""

from collections.abc import Iterable
from enum import Enum


class Answer(Enum):
    """Yes, no, or unknown from these files. A rule that claims something must hold a yes or a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__
    """By identity, as they compare: the hash that Enum has of a name takes ten times as long."""

    def __bool__(self) -> bool:
        """Refuse: `if mesh.x(...)` would silently take unknown for yes; compare with `is`."""
        raise TypeError("an Answer has three values: compare it with `is Answer.YES`")

    @staticmethod
    def of(value: bool | None) -> "Answer":
        """Yes or no of a truth value, unknown of None."""
        return Answer.UNKNOWN if value is None else Answer.YES if value else Answer.NO


def opposite(answer: Answer) -> Answer:
    """No for yes, yes for no."""
    return {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(answer, answer)


def every(answers: Iterable[Answer]) -> Answer:
    """Yes if all are, and for none at all; no as soon as one is."""
    worst = Answer.YES
    for answer in answers:
        if answer is Answer.NO:
            return Answer.NO
        if answer is Answer.UNKNOWN:
            worst = Answer.UNKNOWN
    return worst


def some(answers: Iterable[Answer]) -> Answer:
    """Yes as soon as one is; no if none is, and for none at all."""
    return opposite(every(opposite(answer) for answer in answers))
