"""A picture of a run as the terminal shows it: SVG with the text in it, no fonts or scripts from elsewhere."""

import io
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from html import escape
from pathlib import Path

from meshlint.cli.main import run

ROOT = Path(__file__).resolve().parent.parent.parent
ARGUMENTS = ["--select", "ML204,ML402,ML605", "examples/shop"]
COLUMNS = 92
_CELL, _LINE, _LEFT, _TOP = 8.4, 20, 18, 52
_FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,Liberation Mono,monospace"
_STYLES = {
    "1": 'font-weight="700"',
    "2": 'fill="#8b949e"',
    "4": 'text-decoration="underline"',
    "31": 'fill="#ff7b72"',
    "32": 'fill="#7ee787"',
    "33": 'fill="#e3b341"',
    "36": 'fill="#76d9e6"',
}
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\]8;;[^\x1b]*\x1b\\")


def lines() -> list[str]:
    """The lines of the run, styled, after the command line that makes it."""
    report, summary = io.StringIO(), io.StringIO()
    before, columns = os.getcwd(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(COLUMNS)
    os.chdir(ROOT)
    try:
        with redirect_stdout(report), redirect_stderr(summary):
            run(["--color", "always", *ARGUMENTS])
    finally:
        os.chdir(before)
        os.environ.pop("COLUMNS")
        if columns is not None:
            os.environ["COLUMNS"] = columns
    command = f"\x1b[2m$\x1b[0m \x1b[1mmeshlint {' '.join(ARGUMENTS)}\x1b[0m"
    return [command, *report.getvalue().rstrip().split("\n"), "", *summary.getvalue().rstrip().split("\n")]


def text() -> str:
    """The run without styles: what the picture says."""
    return "\n".join(_ESCAPE.sub("", line) for line in lines())


def svg() -> str:
    """The picture."""
    drawn = lines()
    wide = round(COLUMNS * _CELL + 2 * _LEFT)
    high = _TOP + _LINE * len(drawn) + 8
    rows = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape("meshlint " + " ".join(ARGUMENTS))}</title>',
        f'<rect width="{wide}" height="{high}" rx="10" fill="#0d1117"/>',
        *(f'<circle cx="{20 + 20 * n}" cy="20" r="6" fill="#30363d"/>' for n in range(3)),
        f'<g font-family="{_FONTS}" font-size="14" fill="#e6edf3" xml:space="preserve">',
    ]
    for number, line in enumerate(drawn):
        y = _TOP + _LINE * number
        rows += [_piece(x, y, style, words) for x, style, words in _pieces(line)]
    return "\n".join([*rows, "</g>", "</svg>"]) + "\n"


def _pieces(line: str) -> Iterator[tuple[int, str, str]]:
    """The column, the SGR parameters and the text of each piece of one style."""
    column, style, position = 0, "", 0
    for match in [*_ESCAPE.finditer(line), None]:
        words = line[position : match.start() if match else len(line)]
        if words.strip():
            indent = len(words) - len(words.lstrip())
            yield column + indent, style, words.strip()
        column += len(words)
        if match:
            position = match.end()
            style = match.group(1) if match.group(1) is not None else style
    return


def _piece(column: int, y: int, style: str, words: str) -> str:
    styles = " ".join(_STYLES[each] for each in style.split(";") if each in _STYLES)
    place = f'x="{_LEFT + column * _CELL:.1f}" y="{y}" textLength="{len(words) * _CELL:.1f}"'
    return f"<text {place}{' ' if styles else ''}{styles}>{escape(words, quote=False)}</text>"
