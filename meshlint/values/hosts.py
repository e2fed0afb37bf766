"""Host names: DNS labels, names with and without wildcard, SNI names that istiod generates."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from meshlint.values import ALPHANUMERIC, Reason, is_made_of
from meshlint.values.addresses import is_ip
from meshlint.values.numbers import integer, port

_IN_LABEL = f"{ALPHANUMERIC}-"
_DIGIT = r"[0-9]"
_LETTER = r"[a-zA-Z]"
_ODD = r"[^-a-zA-Z0-9]"

LABEL_LIMIT = 63
NAME_LIMIT = 255


@lru_cache(maxsize=4096)
def label(text: str) -> Reason:
    """A DNS label; unlike Kubernetes, Istio takes capitals (`IsDNS1123Label`)."""
    return None if _is_label(text) else _label_reason(text, "label")


@lru_cache(maxsize=4096)
def wild_label(text: str) -> Reason:
    """A label that may begin with `*` or `*-`, or be `*` (`IsWildcardDNS1123Label`)."""
    plain = text.removeprefix("*-" if text.startswith("*-") else "*")
    if text == "*" or (len(text) <= LABEL_LIMIT and _is_label(plain)):
        return None
    if "*" in text[1:]:
        return "`*` may only be the first character"
    return _label_reason(text.removeprefix("*"), "label")


@lru_cache(maxsize=4096)
def fqdn(text: str) -> Reason:
    """A domain name of one label or more, maybe with a dot at its end (`ValidateFQDN`)."""
    return None if _is_plain(text) else _length(text) or _labels(text)


@lru_cache(maxsize=4096)
def wild_domain(text: str) -> Reason:
    """A domain name whose first label may hold a wildcard at its start (`ValidateWildcardDomain`)."""
    if _is_plain(text.removeprefix("*.")):
        return None
    reason = _length(text)
    if reason:
        return reason
    first, dot, rest = text.partition(".")
    return wild_label(first) or (_labels(rest) if dot else None)


def sni(text: str) -> Reason:
    """A wildcard domain, or the SNI of an AUTO_PASSTHROUGH cluster: `outbound_.80_.v1_.reviews.shop.svc.cluster.local`.

    Since Istio 1.24 (`validateWildcardDomain` in an SNI context, `IsSNI` of `pkg/config/host`).
    """
    if not text.startswith("outbound_"):
        return wild_domain(text)
    parts = text.split("_")
    if len(parts) >= 4 and re.search(_DIGIT, parts[1]) and re.search(_LETTER, parts[3]):
        return _length(text)
    return "an SNI that begins with `outbound_` has the form `outbound_.<port>_.<subset>_.<host>`"


@lru_cache(maxsize=256)
def trust_domain(text: str) -> Reason:
    """A trust domain: labels of a DNS name; a number may be the last, unlike in a host (`ValidateTrustDomain`)."""
    return _parts(text.split(".")) if text else "it is empty"


def name_or_ip(text: str) -> Reason:
    """A domain name without wildcard, or an IP address."""
    reason = fqdn(text)
    return None if reason and is_ip(text) else reason


def wild_domain_or_ip(text: str) -> Reason:
    """A domain name that may begin with a wildcard, or an IP address."""
    reason = wild_domain(text)
    return None if reason and is_ip(text) else reason


@lru_cache(maxsize=256)
def address(text: str) -> Reason:
    """`host:port`, where the host is a domain name or an IP address, in brackets if it has colons (`ValidateProxyAddress`)."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        colon, number = rest[:1], rest[1:]
        if not bracket or "[" in host or colon != ":" or set(number) & set("[]:"):
            return "it is not `[address]:port`"
    else:
        host, colon, number = text.rpartition(":")
        if not colon:
            return "it has no port"
        if set(host) & set("[]:") or set(number) & set("[]"):
            return "an IPv6 address has to be in brackets, `[address]:port`"
    parsed = integer(number)
    if parsed is None or port(parsed):
        return f"`{_short(number)}` is no port from 1 to 65535" if number else "its port is empty"
    reason = name_or_ip(host)
    return reason and (f"`{_short(host)}` is neither a host name nor an IP address" if host else "its host is empty")


def coverage(names: Iterable[str]) -> Callable[[str], bool]:
    """A question about many names: is every host that a name stands for one of these (`Name.SubsetOf`)?"""
    exact = set(names)
    wild = {name[1:] for name in exact if name.startswith("*")}
    return lambda name: name in exact or (bool(wild) and any(end in wild for end in _ends(name)))


def overlap(names: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Names of which one covers the other (`Name.Matches`): index of the later, the earlier, the later.

    Each name is reported once, with one that it overlaps with; linear in the text.
    """
    seen: dict[str, str] = {}
    wildcards: dict[str, str] = {}  # what follows the `*` -> the name
    ends: dict[str, str] = {}  # every end of a name -> the name
    any_wildcard = any(name.startswith("*") for name in names)
    for index, name in enumerate(names):
        first = seen.get(name)
        if any_wildcard:
            own = _ends(name)
            first = first or next((wildcards[end] for end in own if end in wildcards), None)
            if name.startswith("*"):
                first = first or ends.get(name[1:])
                wildcards.setdefault(name[1:], name)
            ends.update(dict.fromkeys(own, name))
        if first is not None:
            yield index, first, name
        seen[name] = name


def _ends(name: str) -> list[str]:
    """Every end of a name, for a wildcard of what follows its `*`; the shortest is empty."""
    plain = name.removeprefix("*")
    return [plain[start:] for start in range(len(plain) + 1)]


def _is_plain(text: str) -> bool:
    """Whether a text is one of the usual domain names, which are short and have no number as last part.

    It asks no pattern: all names of an input are judged once, and nearly all are plain.
    """
    words = text.replace("-", ".").split(".")
    return (
        len(text) <= LABEL_LIMIT
        and text.isascii()
        and "" not in words
        and "".join(words).isalnum()
        and not text.rpartition(".")[2].isdecimal()
    )


def _length(text: str) -> Reason:
    if not text:
        return "it is empty"
    size = len(text.encode())
    return f"it has {size} characters, of which {NAME_LIMIT} are allowed" if size > NAME_LIMIT else None


def _labels(text: str) -> Reason:
    parts = text.split(".")
    if integer(parts[-1]) is not None:
        return f"its last part `{parts[-1]}` is a number"
    return _parts(parts)


def _parts(parts: list[str]) -> Reason:
    """The last part may be empty, for the dot at the end."""
    if not parts[-1]:
        parts.pop()
    for part in parts:
        if not _is_label(part):
            return _label_reason(part, "label" if len(parts) == 1 else f"part `{_short(part)}`")
    return None


def _is_label(text: str) -> bool:
    return len(text) <= LABEL_LIMIT and is_made_of(text, _IN_LABEL, ALPHANUMERIC)


def _label_reason(text: str, what: str) -> str:
    if not text:
        return "it has an empty part" if what != "label" else "it is empty"
    if "*" in text:
        return "a `*` has no place there"
    subject = "it" if what == "label" else f"its {what}"
    odd = re.search(_ODD, text)
    if odd:
        return f"{subject} holds `{odd[0]}`; letters, digits and `-` are allowed"
    if len(text) > LABEL_LIMIT:
        return f"{subject} has {len(text)} characters, of which {LABEL_LIMIT} are allowed"
    return f"{subject} begins or ends with `-`"


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:27] + "..."
