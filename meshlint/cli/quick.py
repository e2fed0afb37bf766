"""Command lines of every day, read without click, whose import takes longer than judging a file.

What is read here is read exactly as click would; anything else, and whatever may be wrong, is left to click.
"""

import os
from collections.abc import Sequence
from typing import Any

from meshlint.cli.table import TABLE, Option

_OPTIONS = {name: option for options in TABLE.values() for option in options for name in option.names}
_LEFT = {"hook", "write_baseline", "fix", "diff"}
"""What is done rarely enough for click."""


def values_of(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The options of `[check] PATHS` by name, PATHS as `paths`; None for a command line that click has to read."""
    rest = list(reversed(arguments))
    if rest and rest[-1] == "check":
        rest.pop()
    elif not rest or not (rest[-1].startswith("-") or os.path.lexists(rest[-1])):
        return None
    values: dict[str, Any] = {}
    paths: list[str] = []
    while rest:
        argument = rest.pop()
        if argument == "-" or not argument.startswith("-"):
            paths.append(argument)
            continue
        name, equals, value = argument.partition("=")
        option = _OPTIONS.get(name)
        if option is None or option.field in _LEFT or (equals and not name.startswith("--")):
            return None
        if option.form == "flag":
            if equals:
                return None
            values[option.field] = True
            continue
        if not equals:
            value = rest.pop() if rest else "-"
        if value.startswith("-") or not _take(values, option, value):
            return None
    if paths:
        values["paths"] = tuple(paths)
    return values


def _take(values: dict[str, Any], option: Option, value: str) -> bool:
    """Add a value; False for one that is wrong."""
    if option.choices and value not in option.choices:
        return False
    before = values.get(option.field, ())
    if option.form == "one":
        values[option.field] = value
    elif option.form == "several":
        values[option.field] = (*before, value)
    elif option.form == "words":
        values[option.field] = (*before, *(word.strip() for word in value.split(",") if word.strip()))
    elif value == "auto":
        values[option.field] = value
    elif value.isdecimal() and int(value) > 0:
        values[option.field] = int(value)
    else:
        return False
    return True


def run(values: dict[str, Any]) -> int:
    """Check what a command line says; the exit code."""
    from meshlint.cli import linting
    from meshlint.cli.settings import effective

    return linting.run(effective(values), values, None)
