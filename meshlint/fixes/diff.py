"""Changes of a file as `patch` and `git apply` read them."""

import difflib

_NO_END = "\\ No newline at end of file\n"


def unified(path: str, before: bytes, after: bytes) -> str:
    """A unified diff with three lines of context, `""` where nothing changed."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in lines)


def _lines(content: bytes) -> list[str]:
    """The lines with their ends; only a line feed ends one, as in git."""
    return [f"{line}\n" for line in _text(content).split("\n")[:-1]] + _last(_text(content))


def _last(text: str) -> list[str]:
    rest = text.rpartition("\n")[2]
    return [rest] if rest else []


def _text(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return content.decode(encoding, "replace")
