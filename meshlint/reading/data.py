"""The way into plain data, as the reader gives it."""

from typing import Any


def dig(value: Any, *path: str) -> Any:
    """What stands at a path of keys; None where there is nothing, or no mapping on the way."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def mapping(value: Any, *path: str) -> dict[str, Any]:
    """The mapping at a path of keys; an empty one where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}
