"""Matches of a text: reference rows match-header-value, match-uri-regex."""

from meshlint.api import Target
from meshlint.model.networking.common import StringMatch

from ._frame import Faults, fault, since


def regex_help(expression: str) -> str:
    """What to write instead of a regular expression that is refused."""
    from meshlint.values.regex import LENGTH_LIMIT

    if expression in {"", "*"}:
        return "write `.*` for any text, or for a header `{}` to ask for its presence"
    if len(expression) > LENGTH_LIMIT // 2:
        return "use `prefix` or `exact`, or split it into several matches"
    return "write it in RE2 syntax (https://github.com/google/re2/wiki/Syntax)"


def is_checked(given: StringMatch) -> bool:
    """Whether there is anything in a match to check: not in most, which are `exact`."""
    return given.regex is not None or given.prefix == ""


def string_match(given: StringMatch, what: str, target: Target) -> Faults:
    """A `prefix` of no characters (since 1.22), or a regular expression that istiod cannot read."""
    if given.prefix == "" and given.exact is None and given.regex is None and since(target, "1.22"):
        yield fault(
            given,
            "prefix",
            what=f"{what} with an empty `prefix`",
            why="Envoy does not take it",
            help="write what it has to begin with, or leave the match out",
        )
    yield from regex_match(given, what)


def regex_match(given: StringMatch, what: str) -> Faults:
    """A regular expression that istiod cannot read. Its syntax is imported where there is one."""
    if given.regex is None:
        return
    from meshlint.values.regex import regex

    expression = given.regex
    reason = regex(expression)
    if reason:
        what = f"{what} with regex `{expression[:60]}`"
        yield fault(given, "regex", what=what, why=reason, help=regex_help(expression))
