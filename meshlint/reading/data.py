"""The way into plain data, as the reader gives it."""

from typing import Any


def dig(value: Any, *path: str) -> Any:
    """What stands at a path of keys; None where there is nothing, or no mapping on the way."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
