"""Which existing name was probably meant by one that does not exist.

A slip is one character too many, too few, wrong, or two swapped. Names that differ as names of a
series do (`app-1`, `app-2`; `cart`, `card`) are no slips of each other: both may well exist.
"""

from collections.abc import Iterable

_SHORTEST_WORD = 5
"""Below this, one letter makes another word more often than a slip."""


class Nearest:
    """Finds the near miss of a name among many, without comparing it with each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_variant: dict[str, list[str]] = {}
        for name in sorted(set(names)):
            for variant in _variants(name):
                self._by_variant.setdefault(variant, []).append(name)

    def of(self, name: str) -> str | None:
        """Give the one existing name that `name` is a slip of; None where there is none, or more than one."""
        found = {
            candidate
            for variant in _variants(name)
            for candidate in self._by_variant.get(variant, ())
            if candidate != name and is_slip(name, candidate)
        }
        return found.pop() if len(found) == 1 else None


def is_slip(name: str, meant: str) -> bool:
    """Whether `name` was probably meant to be `meant`: one slip of the hand inside one longer word."""
    words, meant_words = _words(name), _words(meant)
    if len(words) != len(meant_words):
        return name.replace("-", "") == meant.replace("-", "")
    different = [(word, right) for word, right in zip(words, meant_words, strict=True) if word != right]
    if len(different) != 1:
        return False
    word, right = different[0]
    return (
        min(len(word), len(right)) >= _SHORTEST_WORD
        and not any(character.isdecimal() for character in word + right)
        and _is_one_edit(word, right)
    )


def _words(name: str) -> list[str]:
    return name.replace(".", "-").replace("_", "-").split("-")


def _variants(name: str) -> set[str]:
    """The name and what is left of it without one character: two names one edit apart share one of these."""
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}


def _is_one_edit(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if len(rest) != len(other_rest):
        longer, shorter = (rest, other_rest) if len(rest) > len(other_rest) else (other_rest, rest)
        return longer[1:] == shorter
    swapped = len(rest) > 1 and rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
    return rest[1:] == other_rest[1:] or swapped
