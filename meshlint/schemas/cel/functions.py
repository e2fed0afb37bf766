"""CEL's functions and methods, and the Kubernetes libraries, as far as rules of CRDs use them."""

import re
from collections.abc import Callable
from typing import Any

from meshlint.schemas import golang
from meshlint.schemas.formats import is_ip


class CelError(Exception):
    """A run-time error of a rule, which counts as a broken rule."""


class Url(str):
    """A parsed URL; only its scheme is ever asked for."""

    __slots__ = ()


def equal(left: Any, right: Any) -> bool:
    """Equality as CEL has it: true is not 1."""
    if (type(left) is bool) is not (type(right) is bool):
        return False
    return bool(left == right)


def size(value: Any) -> int:
    """Code points of a text, items of a list or a map."""
    if type(value) not in {str, list, dict}:
        raise CelError("no size")
    return len(value)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise CelError("no text")
    return value


def _integer(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value)
    return golang.integer(_text(value))


def _duration(value: Any) -> int:
    return golang.duration(_text(value))


def _url(value: Any) -> Url:
    return Url(golang.url_scheme(_text(value)))


def _is_url(value: Any) -> bool:
    try:
        golang.url_scheme(_text(value))
    except ValueError:
        return False
    return True


def _scheme(value: Any) -> str:
    if type(value) is not Url:
        raise CelError("no URL")
    return str(value)


def _matches(value: Any, expression: Any) -> bool:
    compiled = golang.pattern(_text(expression))
    if compiled is None:
        raise CelError("a pattern that Python cannot express")
    return compiled.search(_text(value)) is not None


def _substring(value: Any, start: int, end: int | None = None) -> str:
    text = _text(value)
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise CelError("index out of range")
    return text[start:stop]


def _split(value: Any, separator: Any) -> list[str]:
    return _text(value).split(_text(separator)) if separator else list(_text(value))


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "size": size,
    "int": _integer,
    "duration": _duration,
    "url": _url,
    "isURL": _is_url,
    "isIP": lambda value: is_ip(_text(value)),
}

METHODS: dict[str, Callable[..., Any]] = {
    "size": size,
    "contains": lambda value, part: _text(part) in _text(value),
    "startsWith": lambda value, part: _text(value).startswith(_text(part)),
    "endsWith": lambda value, part: _text(value).endswith(_text(part)),
    "matches": _matches,
    "getScheme": _scheme,
    "substring": _substring,
    "split": _split,
}

_DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")

FORMATS: dict[str, Callable[[Any], bool]] = {
    "dns1123Label": lambda value: _DNS_LABEL.match(_text(value)) is not None,
}
