"""Addresses: IP, CIDR ranges, unix domain sockets."""

import re
from functools import lru_cache

from meshlint.values import Reason

# Patterns are text and compiled when first used: a run needs few of them.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_GROUP = r"[0-9a-fA-F]{1,4}"
_BITS = r"0|[1-9][0-9]{0,2}"

_NO_ADDRESS = "it is no IP address"


@lru_cache(maxsize=4096)
def ip(text: str) -> Reason:
    """An IPv4 or IPv6 address, maybe with a zone (Go's `netip.ParseAddr`): no leading zeros, no port, no range."""
    if ":" not in text:
        return None if re.fullmatch(_IPV4, text) else _NO_ADDRESS
    address, percent, zone = text.partition("%")
    if percent and not zone:
        return "its zone after `%` is empty"
    return None if _is_ipv6(address) else _NO_ADDRESS


def is_ip(text: str) -> bool:
    """Whether the text is an IP address."""
    return ip(text) is None


def is_ipv4(text: str) -> bool:
    """Whether the text is an IPv4 address."""
    return re.fullmatch(_IPV4, text) is not None


@lru_cache(maxsize=4096)
def subnet(text: str) -> Reason:
    """An IP address, or a range such as `10.0.0.0/8` (`ValidateIPSubnet`); bits of the host may be set."""
    if text.count("/") != 1:
        return "it is neither an IP address nor a range such as `10.0.0.0/8`" if ip(text) else None
    return cidr(text)


@lru_cache(maxsize=4096)
def cidr(text: str) -> Reason:
    """A range `address/bits` (Go's `netip.ParsePrefix`): no zone, no leading zeros in the bits."""
    address, slash, bits = text.rpartition("/")
    if not slash:
        return "it has no `/` and number of bits"
    if "%" in address:
        return "a range has no zone"
    if ip(address):
        return f"`{address}` is no IP address"
    limit = 128 if ":" in address else 32
    if not re.fullmatch(_BITS, bits) or int(bits) > limit:
        return f"after `/` belongs a number from 0 to {limit}"
    return None


def unix_path(text: str) -> Reason:
    """What follows `unix://`: an absolute path to a socket, or `@` and an abstract name (`ValidateUnixAddress`)."""
    if not text:
        return "the path of the socket is missing"
    if text.startswith("@"):
        return None
    if not text.startswith("/"):
        return "the path of the socket is not absolute"
    return "the path of the socket ends in `/`" if text.endswith("/") else None


def _is_ipv6(text: str) -> bool:
    """Without a zone. An IPv4 address may stand for the last two of the eight groups."""
    head, colons, tail = text.partition("::")
    left = head.split(":") if head else []
    right = tail.split(":") if tail else []
    last = right if colons else left
    if last and "." in last[-1]:
        if not re.fullmatch(_IPV4, last[-1]):
            return False
        last[-1:] = ["0", "0"]
    groups = left + right
    return all(re.fullmatch(_GROUP, group) for group in groups) and (len(groups) < 8 if colons else len(groups) == 8)
