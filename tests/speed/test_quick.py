"""The quick reader of command lines and click agree: what the first reads, the second reads the same."""

import random

import click
import pytest

from meshlint.cli.check import check
from meshlint.cli.main import completed
from meshlint.cli.options import given
from meshlint.cli.quick import values_of
from meshlint.cli.table import TABLE, Option

OPTIONS = [option for options in TABLE.values() for option in options]


def by_click(arguments: list[str]) -> dict[str, object] | None:
    """What click makes of a command line, None where it refuses."""
    try:
        return given(check.make_context("check", completed(arguments)[1:]))
    except click.UsageError:
        return None


@pytest.mark.parametrize(
    "line",
    [
        "README.md",
        "check README.md",
        "- README.md",
        "check",
        "-f json README.md",
        "check --select=ML2,ML301 .",
        "-j 2 .",
    ],
)
def test_everyday_lines_are_read_without_click(line: str) -> None:
    assert values_of(line.split()) == by_click(line.split()) is not None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "--version",
        "--help",
        "explain ML204",
        "nowhere.yaml",
        "-qf json .",
        "-fjson .",
        "-j0 .",
        "--jobs 0 .",
        "-f yaml .",
        "--sel ML2 .",
        "--select",
        "--quiet=1 .",
        "--fix .",
        "--hook a.yaml",
        "-- -a.yaml",
        "--select -q .",
        "-f=json .",
    ],
)
def test_anything_else_is_left_to_click(line: str) -> None:
    assert values_of(line.split()) is None


def test_both_agree_on_3000_random_command_lines() -> None:
    rng = random.Random(1)
    read = 0
    for _ in range(3000):
        arguments = [word for _ in range(rng.randint(1, 5)) for word in piece(rng)]
        if rng.random() < 0.5:
            arguments.insert(0, "check")
        quick = values_of(arguments)
        if quick is not None:
            read += 1
            assert quick == by_click(arguments), arguments
    assert read > 800


def piece(rng: random.Random) -> list[str]:
    """A path, or an option with or without what it takes, sometimes wrong."""
    if rng.random() < 0.3:
        return [rng.choice([".", "-", "README.md", "nowhere.yaml", "--", "-x", ""])]
    option = rng.choice(OPTIONS)
    name = rng.choice(option.names)
    if option.form == "flag":
        return [name if rng.random() < 0.9 else f"{name}=1"]
    value = value_of(option, rng)
    return [name, value] if rng.random() < 0.6 else [f"{name}={value}"]


def value_of(option: Option, rng: random.Random) -> str:
    if rng.random() < 0.1:
        return rng.choice(["", "-", "-1", "--quiet", "wrong"])
    if option.choices:
        return rng.choice(option.choices)
    return rng.choice(["auto", "1", "12", "²"]) if option.form == "count" else rng.choice(["a", "ML2, ML301,", "x=y"])
