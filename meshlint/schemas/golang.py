"""Text as Go reads it: durations, numbers, regular expressions, URLs.

The API server is written in Go, so a pattern, a duration or a URL of a schema means what Go's
standard library makes of it. Where Python differs, this module follows Go.
"""

import re
from functools import cache, lru_cache

MAX_INT64 = 2**63 - 1
MIN_INT64 = -(2**63)

_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "\u00b5s": 10**3,
    "\u03bcs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DIGITS = frozenset("0123456789")


@lru_cache(maxsize=4096)  # a repository writes few different ones, over and over
def duration(text: str) -> int:
    """Nanoseconds of a duration such as `1h30m` (time.ParseDuration); ValueError if it is none."""
    rest = text[1:] if text[:1] in {"+", "-"} else text
    if rest == "0":
        return 0
    total = 0
    while rest:
        whole, rest = _digits(rest)
        fraction = ""
        if rest.startswith("."):
            fraction, rest = _digits(rest[1:])
        unit, rest = _unit(rest)
        if not (whole or fraction) or unit not in _NANOSECONDS:
            raise ValueError(f"{text!r} is no duration")
        size = _NANOSECONDS[unit]
        total += int(whole or "0") * size
        if fraction:
            total += int(fraction) * size // 10 ** len(fraction)
    if total > MAX_INT64 or text in {"", "+", "-"}:
        raise ValueError(f"{text!r} is no duration")
    return -total if text[0] == "-" else total


def _digits(text: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    if end > 40:
        raise ValueError("too many digits")
    return text[:end], text[end:]


def _unit(text: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] not in _DIGITS and text[end] != ".":
        end += 1
    return text[:end], text[end:]


def integer(text: str) -> int:
    """A whole number of 64 bits in decimal digits (strconv.ParseInt); ValueError if it is none."""
    if not re.match(r"[+-]?[0-9]{1,40}\Z", text):
        raise ValueError(f"{text!r} is no whole number")
    value = int(text)
    if not MIN_INT64 <= value <= MAX_INT64:
        raise ValueError(f"{text!r} is beyond 64 bits")
    return value


@cache
def pattern(text: str) -> "re.Pattern[str] | None":
    r"""Compile a regular expression of Go's regexp (RE2); None where Python cannot express it.

    Differences that are translated: `$` and `\z` mean the very end of the text, classes such as
    `\w` are ASCII, a flag group in the middle (`^(?i)abc`) holds until its group ends.
    """
    try:
        return re.compile(_translate(text), re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return None


_FLAGS = r"\(\?([imsU]*)(?:-([imsU]+))?\)"


def _translate(text: str) -> str:
    out: list[str] = []
    opened = [0]  # flag groups to close with each open group
    position, in_class = 0, False
    while position < len(text):
        char = text[position]
        step = 1
        if char == "\\":
            step = 2
            escape = text[position : position + 2]
            out.append(r"\Z" if escape == r"\z" and not in_class else escape)
        elif in_class:
            if text.startswith("[:", position):
                raise re.error("POSIX class")
            in_class = char != "]"
            out.append("\\[" if char == "[" else char)
        elif char == "[":
            in_class = True
            step = 2 if text[position + 1 : position + 2] == "^" else 1
            if text[position + step : position + step + 1] == "]":
                step += 1
            out.append(text[position : position + step])
        elif char == "(" and (flags := re.match(_FLAGS, text[position:])):
            if "U" in flags[0]:
                raise re.error("ungreedy flag")
            step = flags.end()
            out.append(flags[0][:-1] + ":")
            opened[-1] += 1
        elif char == "(":
            opened.append(0)
            out.append(char)
        elif char == ")":
            out.append(")" * opened.pop() + ")" if len(opened) > 1 else ")")
        else:
            out.append(r"\Z" if char == "$" else char)
        position += step
    return "".join(out) + ")" * sum(opened)


_SCHEME = r"([a-zA-Z][a-zA-Z0-9+.\-]*):"
_CONTROL = r"[\x00-\x1f\x7f]"
_USERINFO = r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*\Z"
_HOST_CHARACTERS = r"[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"\u0080-\U0010ffff]*\Z"
_PORT = r"(:[0-9]*)?\Z"
_BAD_ESCAPE = r"%(?![0-9a-fA-F]{2})"
_HOST_ESCAPE = r"%(?:25|[89a-fA-F][0-9a-fA-F])"


def url_scheme(text: str) -> str:
    """The scheme of an absolute URL, in lower case, or "" of an absolute path (url.ParseRequestURI); ValueError."""
    if not text or re.search(_CONTROL, text):
        raise ValueError(f"{text!r} is no URL")
    if text == "*":
        return ""
    if text[0] == ":":
        raise ValueError(f"{text!r} has no scheme")
    found = re.match(_SCHEME, text)
    scheme = found[1].lower() if found else ""
    rest = text[found.end() :] if found else text
    rest = rest.partition("?")[0]
    if not rest.startswith("/"):
        if scheme:
            return scheme  # opaque, as in mailto:me
        raise ValueError(f"{text!r} is neither absolute nor a path")
    if scheme and rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        _check_authority(authority)
        rest = slash + path
    if re.search(_BAD_ESCAPE, rest):
        raise ValueError(f"{text!r} has a broken % escape")
    return scheme


def _check_authority(authority: str) -> None:
    userinfo, at, host = authority.rpartition("@")
    if at and (not re.match(_USERINFO, userinfo) or re.search(_BAD_ESCAPE, userinfo)):
        raise ValueError(f"{userinfo!r} is no user information")
    if host.startswith("["):
        address, bracket, port = host.rpartition("]")
        zone = address.find("%25")
        plain = address if zone < 0 else address[:zone]
        valid = bracket and not re.search(_BAD_ESCAPE, address)
    else:
        colon = host.rfind(":")
        plain, port = (host, "") if colon < 0 else (host[:colon], host[colon:])
        valid = True
    if not valid or not re.match(_PORT, port) or not re.match(_HOST_CHARACTERS, re.sub(_HOST_ESCAPE, "", plain)):
        raise ValueError(f"{host!r} is no host")
