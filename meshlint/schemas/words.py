"""Paths, types and patterns in words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from meshlint import suggest
from meshlint.findings import Path
from meshlint.schemas.crd import Node

_PLAIN_KEY = r"[^.\[\]\"\s]+\Z"

TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "int-or-string": "a whole number or a text",
}


def dotted(path: Path) -> str:
    """`spec.http[0].timeout`; a key that holds dots is written `["a.b/c"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif re.match(_PLAIN_KEY, str(step)):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text


def listed(items: Iterable[str], last: str = "or") -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{item}`" if item else '`""`' for item in items]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def shown(value: Any) -> str:
    """A value as it would be written in YAML, in one line, shortened."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = "\\n".join(str(value).split("\n"))
    return text if len(text) <= 60 else f"{text[:57]}..."


def quantity(count: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    if noun.endswith("y") and count != 1:
        return f"{count} {noun[:-1]}ies"
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


PATTERNS = {
    r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": "an API group: a DNS name in lower case, or empty",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": (
        "a DNS name: lower-case letters, digits, `-` and `.`, with a letter or digit at both ends of each part"
    ),
    r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$": (
        "a DNS name in lower case, perhaps with `*.` before it"
    ),
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$": (
        "a name of lower-case letters, digits and `-`, with a letter or digit at both ends"
    ),
    r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$": "the name of a kind: letters, digits and `-`, beginning with a letter",
    r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$": "the name of an HTTP header: letters, digits and !#$%&'*+-.^_`|~",
    r"^[-_A-Za-z0-9]+$": "the name of a header: letters, digits, `-` and `_`",
    r"^[!-~]+([\t ]?[!-~]+)*$": "printable ASCII, with single blanks inside only",
    r"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": "a reason: letters, digits, `_`, `,` and `:`, beginning with a letter",
    r"^([0-9]{1,5}(h|m|s|ms)){1,4}$": "a duration of the Gateway API: up to four numbers with h, m, s or ms, such as `1h30m`",
    r"(^$|^[a-f0-9]{64}$)": "a SHA-256 digest: 64 hexadecimal digits in lower case",
    r"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$": "a path of a URL, with other characters as `%xx`",
    r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$": (
        "a label value: letters, digits, `-`, `_` and `.`, with a letter or digit at both ends"
    ),
    r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
    r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$": "a label key, perhaps with a DNS name and `/` before it",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$": (
        "a name with a domain: `example.com/name`"
    ),
    r"^Hostname|IPAddress|NamedAddress|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
    r"\/[A-Za-z0-9\/\-._~%!$&'()*+,;=:]+$": "`Hostname`, `IPAddress`, or a type with a domain: `example.com/type`",
    r"^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
    r"\/[A-Za-z0-9]+$": "a protocol: letters, digits and `-`, or one with a domain: `example.com/protocol`",
    r"^[a-zA-Z0-9]([-a-zSA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
    r"\/[A-Za-z0-9]+$": "a protocol: letters, digits and `-`, or one with a domain: `example.com/protocol`",
    r"(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)": (
        "an origin: `*`, or http:// or https:// with a host and perhaps a port, without a path"
    ),
    r"(^\*$)|(^([a-zA-Z][a-zA-Z0-9+\-.]+):\/\/([^:/?#]+)(:([0-9]{1,5}))?$)": (
        "an origin: `*`, or a scheme, `://`, a host and perhaps a port, without a path"
    ),
    r"^(([^:/?#]+):)(//([^/?#]*))([^?#]*)(\?([^#]*))?(#(.*))?": "an absolute URI, such as `spiffe://cluster.local/ns/a/sa/b`",
    r"^(System|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
    r"([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]))$": "`System`, or a name with a domain: `example.com/name`",
}
"""Every pattern of the CRDs in words; a test keeps it complete."""

FORMATS = {
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "cidr": "an address range such as `10.0.0.0/8`",
    "byte": "base64",
    "date": "a date such as `2026-01-31`",
    "date-time": "a time such as `2026-01-31T10:00:00Z`",
    "uuid": "a UUID",
}


def between(node: Node, low: str, high: str, noun: str) -> str:
    """The lengths or counts that a node allows: `1 to 63 characters`."""
    minimum, maximum = int(node.get(low, 0)), node.get(high)
    if maximum is None:
        return f"at least {quantity(minimum, noun)}"
    if low not in node:
        return f"at most {quantity(maximum, noun)}"
    return quantity(minimum, noun) if minimum == maximum else f"{minimum} to {quantity(maximum, noun)}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant: equal but for case, `_` and `-`, or a near miss."""
    return _nearest(word, tuple(known))


@lru_cache(maxsize=1000)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    plain = _plain(word)
    return next((other for other in known if _plain(other) == plain), None) or suggest.nearest(word, known)


def _plain(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "")
