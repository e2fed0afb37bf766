"""Matches of a text: reference rows match-header-value, match-uri-regex."""

from meshlint.api import Target
from meshlint.model.networking.common import StringMatch
from meshlint.values.regex import regex

from ._frame import Faults, fault, since

REGEX_HELP = "write it in RE2 syntax (https://github.com/google/re2/wiki/Syntax)"


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
    """A regular expression that istiod cannot read."""
    reason = given.regex is not None and regex(given.regex)
    if reason:
        expression = (given.regex or "")[:60]
        yield fault(given, "regex", what=f"{what} with regex `{expression}`", why=reason, help=REGEX_HELP)
