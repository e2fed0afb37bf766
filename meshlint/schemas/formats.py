"""The `format` of a text, as kube-openapi checks it (k8s.io/kube-openapi/pkg/validation/strfmt).

A format that is not listed here is not checked, as the API server does not check it either
(`binary`, `int-or-string`) or differs too much between versions to be sure of.
"""

import re
from collections.abc import Callable

_OCTET = r"(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}\Z"
_GROUP = r"[0-9a-fA-F]{1,4}\Z"
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\Z"
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])\Z"
_TIME = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})\Z"
)
_UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\Z"


def _matches(pattern: str, text: str) -> bool:
    return re.match(pattern, text) is not None  # compiled when first used, then cached by `re`


def is_ipv4(text: str) -> bool:
    """Four numbers with dots, none with a leading zero (net.ParseIP)."""
    return _matches(_IPV4, text)


def is_ipv6(text: str) -> bool:
    """Eight groups of hexadecimal digits, `::` once, perhaps an IPv4 address at the end (net.ParseIP)."""
    head, gap, tail = text.partition("::")
    if gap and "::" in tail:
        return False
    before, after = (part.split(":") if part else [] for part in (head, tail))
    groups = before + after
    last = groups[-1] if groups and (after or not gap) else ""
    width = len(groups)
    if "." in last:
        if not is_ipv4(last):
            return False
        groups.pop()
        width += 1
    if not all(_matches(_GROUP, group) for group in groups):
        return False
    return width <= 7 if gap else width == 8


def is_ip(text: str) -> bool:
    """An IPv4 or IPv6 address."""
    return is_ipv4(text) or is_ipv6(text)


def is_cidr(text: str) -> bool:
    """An address, a slash and the length of the prefix (net.ParseCIDR)."""
    address, slash, length = text.partition("/")
    if (
        not slash
        or not length.isascii()
        or not length.isdigit()
        or len(length) > 3
        or (len(length) > 1 and length[0] == "0")
    ):
        return False
    return (is_ipv4(address) and int(length) <= 32) or (is_ipv6(address) and int(length) <= 128)


FORMATS: dict[str, Callable[[str], bool]] = {
    "ipv4": is_ipv4,
    "ipv6": is_ipv6,
    "cidr": is_cidr,
    "byte": lambda text: _matches(_BASE64, text),
    "date": lambda text: _matches(_DATE, text),
    "date-time": lambda text: _matches(_TIME, text),
    "uuid": lambda text: _matches(_UUID, text),
}

INTEGER_FORMATS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
"""The range that a format of a number means (IsValueValidAgainstRange)."""
