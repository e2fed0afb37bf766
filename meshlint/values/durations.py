"""Durations as Istio checks those of its own fields."""

from functools import lru_cache

from meshlint.schemas import golang
from meshlint.values import Reason

_MILLISECOND = 10**6
_SECOND = 10**9


def nanoseconds(text: str) -> int | None:
    """A Go duration (`1m30s`) in nanoseconds; None for a text that is none, which the schema refuses."""
    try:
        return golang.duration(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def duration(text: str) -> Reason:
    """At least 1 ms, and a whole number of ms (`agent.ValidateDuration`). A text that is no duration is the schema's."""
    length = nanoseconds(text)
    if length is None:
        return None
    if length < _MILLISECOND:
        return "the shortest duration is 1ms"
    return "a fraction of a millisecond is not supported" if length % _MILLISECOND else None


def whole_seconds(text: str) -> Reason:
    """A duration without a part of a second."""
    length = nanoseconds(text)
    return "a fraction of a second is not supported" if length is not None and length % _SECOND else None
