"""The same edits on plain data: what the text must mean afterwards."""

from collections.abc import Sequence
from typing import Any

import msgspec

from meshlint.findings import Path


class DataEdit(msgspec.Struct, frozen=True):
    """Do `action` (set, rename, move, remove) at a path of a document."""

    path: Path
    action: str
    value: Any = None


def edited(data: Any, edits: Sequence[DataEdit]) -> Any:
    """A copy with the edits done; LookupError, TypeError or ValueError where one cannot be.

    Paths are those of the original, so what lies deeper goes first, and of one list the last item.
    """
    copy = _copied(data)
    for edit in sorted(edits, key=_order, reverse=True):
        *way, last = edit.path
        holder = copy
        for step in way:
            holder = holder[step]
        if edit.action == "set":
            if isinstance(holder, dict) and last not in holder:
                raise ValueError(last)
            holder[last] = edit.value
        elif edit.action == "remove":
            del holder[last]
        elif edit.action == "move":
            first, *rest = edit.value
            holder[last] = _nested(holder[last], rest)
            _rename(holder, last, first)
        else:
            _rename(holder, last, edit.value)
    return copy


def _order(edit: DataEdit) -> tuple[int, int, int]:
    last = edit.path[-1] if edit.path else 0
    return len(edit.path), edit.action == "set", last if isinstance(last, int) else 0


def _rename(holder: dict[str, Any], old: str | int, new: str) -> None:
    if not isinstance(holder, dict) or new in holder:
        raise ValueError(new)
    renamed = [(new if key == old else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(renamed)


def _nested(value: Any, keys: Sequence[str]) -> Any:
    for key in reversed(keys):
        value = {key: value}
    return value


def _copied(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copied(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_copied(value) for value in data]
    return data


def same(one: Any, other: Any) -> bool:
    """Whether two documents are the same to the letter: `1`, `1.0` and `true` differ, and so does the order of keys."""
    return repr(one) == repr(other)
