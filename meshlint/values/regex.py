r"""Regular expressions as Envoy and istiod read them: RE2 in Go's syntax, not Python's.

`syntax_error` follows the parser of Go 1.26 (`regexp/syntax`, `parse` with the flags of Perl), so
that what it refuses (look-around, back references, possessive quantifiers, `\Z`) is refused here
and what only it accepts (`\Q...\E`, `\pL`, `(?U)`, `[[:alpha:]]`, `\x{1F600}`, `\z`) is fine.
"""

import re
from functools import lru_cache

from meshlint.values import Reason
from meshlint.values.unicode_classes import is_unicode_class

LENGTH_LIMIT = 1024
"""Bytes of a regular expression in Istio's fields, since 1.13."""

_REPEAT_LIMIT = 1000
_REPEAT = re.compile(r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}")
_NAMED_GROUP = re.compile(r"\(\?P?<([^>]*)>")
_NAME = re.compile(r"[A-Za-z0-9_]+")
_FLAGS = re.compile(r"\(\?(?:[imsU]*|[imsU]*-[imsU]+)([:)])")
_UNICODE = re.compile(r"\\[pP](?:\{\^?([^}]*)\}|(\^)|([^{]))", re.DOTALL)
_POSIX = re.compile(r"\[:(.*?):\]", re.DOTALL)
_POSIX_NAMES = frozenset(
    {"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower"}
    | {"print", "punct", "space", "upper", "word", "xdigit"}
)
_ESCAPE = re.compile(
    r"\\(?:"
    r"(?P<octal>0[0-7]{0,2}|[1-7][0-7]{1,2})"
    r"|x\{(?P<braced>[0-9a-fA-F]+)\}"
    r"|x(?P<hex>[0-9a-fA-F]{2})"
    r"|(?P<control>[afnrtv])"
    r"|(?P<plain>[\x00-\x7f])"  # letters and digits are refused afterwards
    r")",
    re.DOTALL,
)
_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_HIGHEST = 0x10FFFF
_LOOK_AROUND = ("(?=", "(?!", "(?<=", "(?<!")


@lru_cache(maxsize=1024)
def regex(text: str) -> Reason:
    """A regular expression of Istio's fields: not empty, at most 1024 bytes, syntax of RE2 (`validateStringRegexp`)."""
    if not text:
        return "it is empty"
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LENGTH_LIMIT:
        return f"it has {size} bytes, of which {LENGTH_LIMIT} are allowed"
    return syntax_error(text)


class _Refused(Exception):
    """Why Go's parser gives up."""


class _Group:
    """An open group. `cost` is the highest product of nested repeats so far, `last` that of the last item.

    `last` is None right after the start or a `|`, where there is nothing to repeat.
    """

    __slots__ = ("cost", "last")

    def __init__(self) -> None:
        self.cost = 1
        self.last: int | None = None

    def add(self, cost: int = 1) -> None:
        """One more item."""
        self.cost = max(self.cost, cost)
        self.last = cost


def syntax_error(text: str) -> Reason:
    """Why Go's `regexp.Compile` refuses a text, or None."""
    try:
        _parse(text)
    except _Refused as refused:
        return str(refused)
    return None


def _parse(text: str) -> None:
    groups = [_Group()]
    position, repeated = 0, False
    while position < len(text):
        char = text[position]
        group = groups[-1]
        repeat = _REPEAT.match(text, position) if char == "{" else None
        after_repeat, repeated = repeated, False
        if char == "(":
            position, opens = _open(text, position)
            if opens:
                groups.append(_Group())
        elif char == ")":
            if len(groups) == 1:
                raise _Refused("it closes a group with `)` that was not opened")
            groups.pop()
            groups[-1].add(group.cost)
            position += 1
        elif char == "|":
            group.last = None
            position += 1
        elif char in "*+?" or repeat:
            end = repeat.end() if repeat else position + 1
            end += text.startswith("?", end)
            _check_repeat(text[position:end], repeat, group, after_repeat)
            position, repeated = end, True
        elif char == "[":
            position = _class(text, position)
            group.add()
        elif text.startswith("\\Q", position):
            literal, _, _ = text[position + 2 :].partition("\\E")
            position += 2 + len(literal) + 2
            if literal:
                group.add()
        elif char == "\\":
            position = _escape(text, position)
            group.add()
        else:
            position += 1
            group.add()
    if len(groups) > 1:
        raise _Refused("a group that `(` opens is not closed")


def _check_repeat(sign: str, repeat: "re.Match[str] | None", group: _Group, after_repeat: bool) -> None:
    if after_repeat:
        possessive = sign == "+" and " (RE2 has no possessive quantifiers)"
        raise _Refused(f"`{sign}` follows another repetition{possessive or ''}")
    if group.last is None:
        raise _Refused(f"nothing stands before `{sign}` that it could repeat")
    if repeat is None:
        return
    least = _count(repeat[1])
    most = least if not repeat[2] else _count(repeat[3]) if repeat[3] else None
    if least > _REPEAT_LIMIT or (most or 0) > _REPEAT_LIMIT:
        raise _Refused(f"`{sign}` repeats more than {_REPEAT_LIMIT} times")
    if most is not None and most < least:
        raise _Refused(f"`{sign}` has its bounds the wrong way round")
    cost = 1 if most == 0 else (most or least or 1) * group.last
    if cost > _REPEAT_LIMIT and max(least, most or 0) >= 2:
        raise _Refused(f"with `{sign}`, nested repetitions multiply to more than {_REPEAT_LIMIT}")
    group.add(cost)


def _count(digits: str) -> int:
    return int(digits) if len(digits) < 9 else 10**9


def _open(text: str, position: int) -> tuple[int, bool]:
    """Behind the opening of a group, or behind flags for the rest of the group; and whether a group opens."""
    if text[position + 1 : position + 2] != "?":
        return position + 1, True
    if text.startswith(_LOOK_AROUND, position):
        raise _Refused("it looks ahead or behind (`(?=`, `(?!`, `(?<=`, `(?<!`), which RE2 cannot")
    if text.startswith(("(?<", "(?P<"), position):
        named = _NAMED_GROUP.match(text, position)
        if named is None or not _NAME.fullmatch(named[1]):
            raise _Refused("the name of a group has to be letters, digits and `_`, and end with `>`")
        return named.end(), True
    flags = _FLAGS.match(text, position)
    if flags is None:
        raise _Refused(f"RE2 does not know `{text[position : position + 3]}`")
    return flags.end(), flags[1] == ":"


def _escape(text: str, position: int) -> int:
    """Behind an escape outside of a class."""
    following = text[position + 1 : position + 2]
    if following and following in "AbBz":
        return position + 2
    return _class_escape(text, position) or _character(text, position)[1]


def _class_escape(text: str, position: int) -> int | None:
    r"""Behind an escape that stands for many characters, such as `\d` or `\p{Greek}`; None where there is none."""
    if text[position] != "\\":
        return None
    following = text[position + 1 : position + 2]
    if following and following in "dDsSwW":
        return position + 2
    if not following or following not in "pP":
        return None
    found = _UNICODE.match(text, position)
    name = found and (found[1] or found[3])
    if found is None or not name or not is_unicode_class(name):
        raise _Refused(f"`{found[0] if found else text[position : position + 3]}` is no class of Unicode characters")
    return found.end()


def _character(text: str, position: int) -> tuple[int, int]:
    """The code point of a character or an escape of one, and the position behind it."""
    if text[position] != "\\":
        return ord(text[position]), position + 1
    found = _ESCAPE.match(text, position)
    if found is None:
        sequence = text[position : position + 2]
        raise _Refused("it ends in a lone `\\`" if sequence == "\\" else f"RE2 does not know the escape `{sequence}`")
    end = found.end()
    if found["octal"]:
        return int(found["octal"], 8), end
    if found["hex"]:
        return int(found["hex"], 16), end
    if found["control"]:
        return _CONTROLS[found["control"]], end
    if found["braced"]:
        code = int(found["braced"], 16)
        if code > _HIGHEST:
            raise _Refused(f"`{found[0]}` is beyond the last character of Unicode")
        return code, end
    if found["plain"].isalnum():
        what = "back references" if found["plain"] in "123456789" else f"the escape `{found[0]}`"
        raise _Refused(f"RE2 does not know {what}")
    return ord(found["plain"]), end


def _class(text: str, position: int) -> int:
    """Behind a class `[...]`."""
    start = position
    position += 2 if text.startswith("[^", position) else 1
    first = True
    while first or not text.startswith("]", position):
        first = False
        if position >= len(text):
            raise _Refused(f"the class `{_short(text[start:])}` is not closed with `]`")
        posix = _POSIX.match(text, position)
        many = None if posix else _class_escape(text, position)
        if posix:
            if posix[1].removeprefix("^") not in _POSIX_NAMES:
                raise _Refused(f"`{posix[0]}` is no class of characters")
            position = posix.end()
        elif many:
            position = many
        else:
            position = _range(text, position)
    return position + 1


def _range(text: str, position: int) -> int:
    """Behind a character of a class, or a range of them."""
    start = position
    low, position = _character(text, position)
    if not text.startswith("-", position) or text[position + 1 : position + 2] in {"", "]"}:
        return position
    high, position = _character(text, position + 1)
    if high < low:
        raise _Refused(f"the range `{text[start:position]}` has its ends the wrong way round")
    return position


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:17] + "..."
