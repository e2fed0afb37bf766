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


def _text(value: Any) -> str:
    if type(value) is not str:
        raise CelError("no text")
    return value


def _integer(value: Any) -> int:
    return value if type(value) is int else golang.integer(_text(value))


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


def _is_ip(value: Any) -> bool:
    return is_ip(_text(value))


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


def _index(container: Any, key: Any) -> Any:
    if type(key) is int and key < 0:
        raise CelError("index out of range")
    return container[key]


FUNCTIONS = {
    "size": "len",
    "int": "_integer",
    "duration": "_duration",
    "url": "_url",
    "isURL": "_is_url",
    "isIP": "_is_ip",
}
"""Function to the name of the helper that takes its one argument."""

METHODS = {
    "size": "len({0})",
    "contains": "({1} in _text({0}))",
    "startsWith": "{0}.startswith({1})",
    "endsWith": "{0}.endswith({1})",
    "matches": "_matches({0}, {1})",
    "getScheme": "_scheme({0})",
    "substring": "_substring({0}, {1})",
    "split": "_split({0}, {1})",
}
"""Method to a Python expression: {0} is the owner, {1} the arguments."""

HELPERS: dict[str, Any] = {
    "len": len,
    "all": all,
    "any": any,
    "sum": sum,
    "_text": _text,
    "_integer": _integer,
    "_duration": _duration,
    "_url": _url,
    "_is_url": _is_url,
    "_scheme": _scheme,
    "_is_ip": _is_ip,
    "_matches": _matches,
    "_substring": _substring,
    "_split": _split,
    "_index": _index,
}
"""All that a compiled rule may call."""


def _is_dns_label(value: Any) -> bool:
    return re.match(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z", _text(value)) is not None


FORMATS: dict[str, Callable[[Any], bool]] = {"dns1123Label": _is_dns_label}
