"""Answers that may be unknown, because a repository rarely holds a whole mesh."""

from enum import Enum


class Answer(Enum):
    """Yes, no, or unknown from these files. A rule that claims something must hold a yes or a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse: `if mesh.x(...)` would silently take unknown for yes; compare with `is`."""
        raise TypeError("an Answer has three values: compare it with `is Answer.YES`")

    @staticmethod
    def of(value: bool | None) -> "Answer":
        """Yes or no of a truth value, unknown of None."""
        return Answer.UNKNOWN if value is None else Answer.YES if value else Answer.NO
