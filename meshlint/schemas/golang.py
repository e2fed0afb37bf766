"""Text as Go reads it: durations, numbers, regular expressions, URLs.

The API server is written in Go, so a pattern, a duration or a URL of a schema means what Go's
standard library makes of it. Where Python differs, this module follows Go.
"""

import re
from functools import cache

MAX_INT64 = 2**63 - 1
MIN_INT64 = -(2**63)

_DURATION_PART = re.compile(r"(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)", re.ASCII)
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
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")


def duration(text: str) -> int:
    """Nanoseconds of a duration such as `1h30m` (time.ParseDuration); ValueError if it is none."""
    rest = text[1:] if text[:1] in {"+", "-"} else text
    if rest == "0":
        return 0
    total = end = 0
    while end < len(rest):
        part = _DURATION_PART.match(rest, end)
        if part is None or not (part[1] or part[2]):
            raise ValueError(f"{text!r} is no duration")
        unit = _NANOSECONDS[part[3]]
        fraction = part[2] or ""
        total += int(part[1] or "0") * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        end = part.end()
    if not rest or total > MAX_INT64:
        raise ValueError(f"{text!r} is no duration")
    return -total if text[0] == "-" else total


def integer(text: str) -> int:
    """A whole number of 64 bits in decimal digits (strconv.ParseInt); ValueError if it is none."""
    if not _INTEGER.match(text):
        raise ValueError(f"{text!r} is no whole number")
    value = int(text) if len(text) < 4000 else MAX_INT64 + 1
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


_FLAGS = re.compile(r"\(\?([imsU]*)(?:-([imsU]+))?\)")


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
        elif flags := _FLAGS.match(text, position):
            if "U" in flags[0]:
                raise re.error("ungreedy flag")
            step = flags.end() - position
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


_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_USERINFO = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*\Z")
_HOST_CHARACTERS = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"\u0080-\U0010ffff]*\Z")
_PORT = re.compile(r"(:[0-9]*)?\Z")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_HOST_ESCAPE = re.compile(r"%(?:25|[89a-fA-F][0-9a-fA-F])")


def url_scheme(text: str) -> str:
    """The scheme of an absolute URL, in lower case, or "" of an absolute path (url.ParseRequestURI); ValueError."""
    if not text or _CONTROL.search(text):
        raise ValueError(f"{text!r} is no URL")
    if text == "*":
        return ""
    if text[0] == ":":
        raise ValueError(f"{text!r} has no scheme")
    found = _SCHEME.match(text)
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
    if _BAD_ESCAPE.search(rest):
        raise ValueError(f"{text!r} has a broken % escape")
    return scheme


def _check_authority(authority: str) -> None:
    userinfo, at, host = authority.rpartition("@")
    if at and (not _USERINFO.match(userinfo) or _BAD_ESCAPE.search(userinfo)):
        raise ValueError(f"{userinfo!r} is no user information")
    if host.startswith("["):
        address, bracket, port = host.rpartition("]")
        zone = address.find("%25")
        plain = address if zone < 0 else address[:zone]
        valid = bracket and not _BAD_ESCAPE.search(address)
    else:
        colon = host.rfind(":")
        plain, port = (host, "") if colon < 0 else (host[:colon], host[colon:])
        valid = True
    if not valid or not _PORT.match(port) or not _HOST_CHARACTERS.match(_HOST_ESCAPE.sub("", plain)):
        raise ValueError(f"{host!r} is no host")
