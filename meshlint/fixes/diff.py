"""Changes of a file as `patch` and `git apply` read them."""

import difflib
from collections.abc import Iterator, Sequence

_NO_END = "\\ No newline at end of file\n"
_CONTEXT = 3


def unified(path: str, before: bytes, after: bytes) -> str:
    """A unified diff with three lines of context, `""` where nothing changed."""
    old, new = _lines(before), _lines(after)
    if len(old) == len(new):
        found = _in_place(path, old, new)
    else:
        found = difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=_CONTEXT)
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in found)


def _in_place(path: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The same where no line came or went: nothing to search for, which takes difflib the square of the lines."""
    changed = [number for number, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    if changed:
        yield f"--- a/{path}\n"
        yield f"+++ b/{path}\n"
    for group in _groups(changed):
        start, end = max(0, group[0] - _CONTEXT), min(len(old), group[-1] + _CONTEXT + 1)
        extent = f"{start + 1}" if end - start == 1 else f"{start + 1},{end - start}"
        yield f"@@ -{extent} +{extent} @@\n"
        yield from _hunk(old, new, start, end)


def _groups(changed: Sequence[int]) -> Iterator[list[int]]:
    """Lines whose contexts touch."""
    group: list[int] = []
    for number in changed:
        if group and number - group[-1] > 2 * _CONTEXT:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _hunk(old: Sequence[str], new: Sequence[str], start: int, end: int) -> Iterator[str]:
    """The lines of a hunk: of neighbours that changed first all old ones, then the new ones."""
    added: list[str] = []
    for number in range(start, end):
        if old[number] == new[number]:
            yield from added
            added = []
            yield f" {old[number]}"
        else:
            yield f"-{old[number]}"
            added.append(f"+{new[number]}")
    yield from added


def _lines(content: bytes) -> list[str]:
    """The lines with their ends; only a line feed ends one, as in git."""
    *whole, rest = _text(content).split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return content.decode(encoding, "replace")
