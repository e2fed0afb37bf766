"""Text that is safe to show, and how wide it is on a terminal.

What a linted file holds is foreign text: an escape sequence in a host name must not drive the
reader's terminal, and a bidirectional override must not reorder a line of the report.
"""

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Categories that a terminal obeys or hides: controls, format (bidi, zero width), surrogates, unassigned, separators."""

TAB = "    "


def visible(text: str) -> str:
    r"""The text with every control or invisible character written as an escape: `\x1b`, `\u202e`, `\n`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    from unicodedata import category  # most reports are ASCII: then it is not needed

    if character.isprintable() or category(character) not in _UNSAFE:
        return character
    return character.encode("unicode_escape").decode()


def shapes(line: str) -> list[str]:
    """Per code point of a source line, what to show for it: itself, blanks for a tab, or an escape."""
    if line.isascii() and line.isprintable():
        return list(line)
    return [TAB if character == "\t" else _visible_character(character) for character in line]


def width(text: str) -> int:
    """Columns that the (visible) text takes: two per wide East Asian character, none per combining mark."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if character.isascii():
        return 1
    from unicodedata import category, combining, east_asian_width

    if combining(character) or category(character) in {"Mn", "Me"}:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def wrap(text: str, columns: int) -> list[str]:
    """The (visible) text in lines of at most `columns`, broken at blanks; a longer word stays whole.

    A name or URL cut in two could not be copied or searched for, so the terminal may break that.
    """
    lines: list[str] = []
    line: str | None = None
    used = 0
    for word in text.split(" "):
        size = width(word)
        if line is not None and used + 1 + size <= columns:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line is not None:
            lines.append(line)
        line, used = word, size
    return [*lines, line or ""]
