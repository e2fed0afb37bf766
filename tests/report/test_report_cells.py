"""What is shown of foreign text, and how wide it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.report.cells import visible, width, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\rb\nc\td", r"a\rb\nc\td"),
        ("\x9b31m", r"\x9b31m"),
        ("user\u202egnp.exe", r"user\u202egnp.exe"),
        ("\u2066isolate\u2069", r"\u2066isolate\u2069"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("line\u2028end", r"line\u2028end"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("bad\udcff", r"bad\udcff"),
        ("\ufeffbom", r"\ufeffbom"),
        ("日本語 übe\u0308r", "日本語 übe\u0308r"),
        ("\u00a0", "\u00a0"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("日本", 4),
        ("\uff71", 1),
        ("\uff21", 2),
        ("e\u0308", 1),
        ("ü", 1),
        ("한", 2),
        ("\U0001f600", 2),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 5, [""]),
        ("a bb ccc dddd", 5, ["a bb", "ccc", "dddd"]),
        ("aaaaaaaaaa b", 5, ["aaaaaaaaaa", "b"]),
        ("b aaaaaaaaaa", 5, ["b", "aaaaaaaaaa"]),
        ("日本 語", 5, ["日本", "語"]),
        ("exact fit", 9, ["exact fit"]),
    ],
)
def test_wrap(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not {unicodedata.category(character) for character in visible(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(), st.integers(1, 80))
def test_wrapping_loses_nothing(text: str, columns: int) -> None:
    assert " ".join(wrap(text, columns)) == text
