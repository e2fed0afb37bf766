"""Writing a value as YAML, in the style of what stood there."""

import re
from typing import Any

import msgspec

from meshlint.reading.scalars import resolve

_PLAIN = re.compile(r"[A-Za-z0-9_./][\w./-]*(?::[\w./-]+)*")
"""Texts that are the same in and outside of flow collections; anything else is quoted."""


def written(value: Any, style: str | None) -> str:
    """The text of a value; `style` is the quote of the scalar it replaces (`'`, `"`), None or empty for a plain one."""
    if not isinstance(value, str):
        return msgspec.json.encode(value).decode()
    if style == "'" and "'" not in value and value.isprintable():
        return f"'{value}'"
    if style != '"' and _PLAIN.fullmatch(value) and _is_text(value):
        return value
    return msgspec.json.encode(value).decode()


def _is_text(plain: str) -> bool:
    return isinstance(resolve(plain), str)
