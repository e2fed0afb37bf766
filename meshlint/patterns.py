"""Whether a file belongs to a list of patterns as in .gitignore."""

import os
from collections.abc import Callable, Sequence

from meshlint.sources import gitignore


def matcher(patterns: Sequence[str], folder: str) -> Callable[[str], bool]:
    """A function that says whether a path, as reported, matches; patterns are relative to `folder`.

    As in git a pattern for a folder takes everything below it, and nothing outside of `folder` matches.
    """
    rules = gitignore.parse(patterns)
    top = os.path.join(os.path.abspath(folder), "")
    known: dict[str, bool] = {}

    def matches(path: str) -> bool:
        found = known.get(path)
        if found is None:
            location = os.path.abspath(path)
            found = known[path] = location.startswith(top) and _matches(rules, location[len(top) :])
        return found

    return matches


def _matches(rules: gitignore.Rules, path: str) -> bool:
    parts = path.replace(os.sep, "/").split("/")
    for count in range(1, len(parts)):
        if rules.decide("/".join(parts[:count]), folder=True):
            return True
    return bool(rules.decide("/".join(parts), folder=False))
