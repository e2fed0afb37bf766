"""Paths of policies, which may be templates: `/orders/{*}/items/{**}`."""

import re
from functools import lru_cache

from meshlint.values import Reason

_ONE, _ANY = "{*}", "{**}"
# What RFC 3986 allows in a segment, but for `*`, which Envoy's templates take for an operator.
_LITERAL = r"[a-zA-Z0-9\-._~%!$&'()+,;:@=]+"
_NO_STAR = r"[^*]*"


def is_template(text: str) -> bool:
    """Whether Envoy matches the path as a template."""
    return _ONE in text or _ANY in text


@lru_cache(maxsize=4096)
def path(text: str) -> Reason:
    """A path of which no segment has braces but `{*}` and `{**}`, the latter as the last (`CheckValidPathTemplate`).

    Beside these, the segments of a template are plain: no `*`, and none is empty.
    """
    return _path(text, _LITERAL)


@lru_cache(maxsize=4096)
def path_before_1_25(text: str) -> Reason:
    """The same as Istio 1.22 to 1.24 had it: only a `*` is no plain segment."""
    return _path(text, _NO_STAR)


def _path(text: str, literal: str) -> Reason:
    """`literal` is a regular expression: compiled where there is a template, which is seldom."""
    template, any_seen = is_template(text), False
    for segment in text.strip("/").split("/"):
        if segment in {_ONE, _ANY}:
            if any_seen:
                return f"`{segment}` comes after `{_ANY}`, which has to be the last"
            any_seen = segment == _ANY
        elif "{" in segment or "}" in segment:
            return f"`{segment}` has braces, which only the whole segments `{_ONE}` and `{_ANY}` may have"
        elif template and not re.fullmatch(literal, segment):
            return _plain_reason(segment)
    return None


def _plain_reason(segment: str) -> str:
    if not segment:
        return "a template has no empty segments"
    return f"beside `{_ONE}` and `{_ANY}`, the segments of a template are plain, and `{segment}` is not"
