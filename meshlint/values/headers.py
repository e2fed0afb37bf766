"""HTTP headers: their names, and the values that Envoy expands (`%REQ(x-user)%`)."""

import re
from functools import lru_cache

from meshlint.values import Reason

# Joined as text, the class that istiod builds holds the range from `+` to `.`, and so a comma.
# Patterns are text and compiled when first used: a run needs few of them.
_NAME = r"[!#$%&'*+,\-.^_`|~A-Za-z0-9]+"
_STRICT_NAME = r"[-_A-Za-z0-9]+"
_PROBE_NAME = r"[-A-Za-z0-9]+"
_CONTROL = r"[\x00-\x08\x0a-\x1f\x7f]"

_CLAIMS = "@request.auth.claims"
PSEUDO_HEADERS = frozenset({":method", ":scheme", ":authority", ":path", ":status"})


@lru_cache(maxsize=4096)
def header_name(text: str) -> Reason:
    """The name of a header, by the characters that HTTP allows (`ValidateHTTPHeaderName`)."""
    if not text:
        return "it is empty"
    return None if re.fullmatch(_NAME, text) else "it holds a character that no header name has"


def strict_header_name(text: str) -> Reason:
    """The name of a header of letters, digits, `-` and `_` only (`ValidateStrictHTTPHeaderName`)."""
    if not text:
        return "it is empty"
    return None if re.fullmatch(_STRICT_NAME, text) else "it holds something else than letters, digits, `-` and `_`"


def probe_header_name(text: str) -> Reason:
    """The name of a header of an HTTP probe (`IsHTTPHeaderName` of Kubernetes): letters, digits and `-`."""
    if not text:
        return "it is empty"
    return None if re.fullmatch(_PROBE_NAME, text) else "it holds something else than letters, digits and `-`"


@lru_cache(maxsize=4096)
def match_header_name(text: str) -> Reason:
    """The name of a header to match: also a pseudo header, or a claim of a token (`@request.auth.claims.sub`)."""
    if text in PSEUDO_HEADERS or is_claim_route(text):
        return None
    if text.lower().startswith("@request.auth"):
        return f"a claim is written `{_CLAIMS}.name`"
    return header_name(text)


@lru_cache(maxsize=4096)
def is_claim_route(text: str) -> bool:
    """Whether a header name stands for a claim: `@request.auth.claims.x.y` or `@request.auth.claims[x][y]`.

    The prefix may have any case (`ToRoutingClaim` of `pkg/jwt`).
    """
    if text[: len(_CLAIMS)].lower() != _CLAIMS:
        return False
    rest = text[len(_CLAIMS) :]
    return len(rest) > (1 if rest.startswith(".") else 2) and (rest[0] == "." or rest[0] + rest[-1] == "[]")


@lru_cache(maxsize=4096)
def header_value(text: str) -> Reason:
    """The value of a header that Envoy sets: no control characters, and its `%VARIABLES%` have to close.

    Names of variables are not looked at (`ValidateHTTPHeaderValue`, since 1.18 with Envoy's grammar).
    """
    if re.search(_CONTROL, text):
        return "it holds a control character"
    return _expansion(text) if "%" in text else None


# State: the characters that lead on, and the state for all others (None: they are refused). As in
# istiod, an argument and a text of an array are read alike, wherever they began.
_GRAMMAR: dict[str, tuple[dict[str, str], str | None]] = {
    "literal": ({"%": "variable"}, "literal"),
    "variable": ({"%": "literal", "(": "arguments"}, "variable"),
    "arguments": ({"[": "element", " ": "arguments"}, "text"),
    "element": ({'"': "text", " ": "element"}, None),
    "text": ({")": "end", '"': "next"}, "text"),
    "next": ({",": "element", "]": "close", " ": "next"}, None),
    "close": ({")": "end", " ": "close"}, None),
    "end": ({"%": "literal", " ": "end"}, None),
}


def _expansion(text: str) -> Reason:
    """Envoy's grammar of `%NAME%`, `%NAME(argument)%`, `%NAME(["a", "b"])%` and `%%` (`validateHeaderValue`)."""
    state: str = "literal"
    position = 0
    while position < len(text):
        char = text[position]
        if (state == "literal" and text.startswith("%%", position)) or (state == "text" and char == "\\"):
            position += 2
            continue
        known, others = _GRAMMAR[state]
        following = known.get(char, others)
        if following is None:
            expected = ", ".join(f"`{sign}`" for sign in known if sign != " ")
            return f"in its `%` variable, `{char}` stands where {expected} is expected"
        state = following
        position += 1
    if state == "literal" and position == len(text):
        return None
    return "a `%` begins a variable that does not end; a plain `%` is written `%%`"
