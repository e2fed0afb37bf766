"""The line fingerprint is that of GitHub's upload action, or alerts would double."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshlint.report.linehash import line_hashes


def by_the_letter(lines: list[str]) -> list[str]:
    """The definition, unit by unit: a rolling hash over a window of 100 units."""
    text = "\n".join(line.replace(" ", "").replace("\t", "") for line in lines) + "\uffff" + "\0" * 100
    raw = text.encode("utf-16-le")
    units = [raw[index] + 256 * raw[index + 1] for index in range(0, len(raw), 2)]
    starts = [0, *(index + 1 for index, unit in enumerate(units) if unit == 10)][: len(lines)]
    counts: dict[int, int] = {}
    found = []
    for start in starts:
        value = 0
        for unit in units[start : start + 100]:
            value = (value * 37 + unit) % 2**64
        counts[value] = counts.get(value, 0) + 1
        found.append(f"{value:x}:{counts[value]}")
    return found


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
    ],
)
def test_vectors_of_the_upload_action(text: str, hashes: list[str]) -> None:
    lines = text.split("\n")
    found = line_hashes(lines, range(1, len(lines) + 1))
    assert [found[number] for number in range(1, len(lines) + 1)] == hashes


@given(st.lists(st.text(st.sampled_from("ab: \t-é日\U0001f600"), max_size=60), min_size=1, max_size=12))
def test_the_same_as_the_definition(lines: list[str]) -> None:
    found = line_hashes(lines, range(1, len(lines) + 1))
    assert list(found.values()) == by_the_letter(lines)


def test_equal_lines_are_counted_even_where_only_the_last_is_wanted() -> None:
    lines = ["x" * 200] * 3
    assert line_hashes(lines, {3})[3].endswith(":3")
    assert line_hashes(lines, {4}) == {}
