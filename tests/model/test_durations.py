"""Durations are read as Go reads them, and written as Go writes them."""

from decimal import Decimal

import pytest

from meshlint.model.durations import duration_text, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2s", "2"),
        ("0s", "0"),
        ("0", "0"),
        ("1.5s", "1.5"),
        (".5s", "0.5"),
        ("300ms", "0.3"),
        ("1h1m1s", "3661"),
        ("1m0.25s", "60.25"),
        ("-2s", "-2"),
        ("1us", "0.000001"),
    ],
)
def test_reads_what_go_reads(text: str, expected: str) -> None:
    assert seconds(text) == Decimal(expected)


@pytest.mark.parametrize("text", [None, "", "5", "5 s", "5sec", "1d", "s", ".s", "1e3s", "9999999h"])
def test_anything_else_is_no_duration(text: str | None) -> None:
    assert seconds(text) is None


def test_tenths_add_up_exactly() -> None:
    tenth = seconds("100ms")
    assert tenth is not None
    assert 3 * tenth == seconds("300ms")


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("0", "0s"),
        ("0.3", "300ms"),
        ("0.0005", "0.5ms"),
        ("1", "1s"),
        ("1.50", "1.5s"),
        ("60", "1m"),
        ("100", "1m40s"),
        ("3661.5", "1h1m1.5s"),
        ("7200", "2h"),
    ],
)
def test_writes_what_go_reads(duration: str, expected: str) -> None:
    assert duration_text(Decimal(duration)) == expected
    assert seconds(expected) == Decimal(duration)
