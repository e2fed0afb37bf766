"""Errors of usage and configuration, drawn like findings: what is wrong, where, and what to write instead."""

import os
import re
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.findings import Region

if TYPE_CHECKING:
    import click

    from meshlint.config import ConfigFile, Flaw
    from meshlint.report.terminal import Palette


class Excerpt(msgspec.Struct, frozen=True):
    """The place of a failure in a file: its path, the region, and the line of text that it is in."""

    path: str
    region: Region
    line: str


class Failure(Exception):
    """The run cannot begin, or not end: exit code 2 (3 where meshlint itself is at fault).

    `excerpt` is where that stands in a file; `others` are further ones that are drawn with it.
    """

    def __init__(
        self,
        message: str,
        *,
        help: str | None = None,  # noqa: A002 - as in a finding
        excerpt: Excerpt | None = None,
        others: "tuple[Failure, ...]" = (),
        code: int = 2,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.excerpt = excerpt
        self.others = others
        self.code = code

    @classmethod
    def of_usage(cls, error: "click.UsageError") -> "Failure":
        """What click says, in our words, with what was probably meant as help."""
        import click

        advice = None
        message = error.format_message().rstrip(".")
        if isinstance(error, click.NoSuchOption):
            message = f"no such option: `{error.option_name}`"
            advice = _did_you_mean(error.option_name, error.possibilities or ())
        elif isinstance(error, click.BadParameter) and error.param:
            name = f"`{max(error.param.opts, key=len)}`"
            message = f"{name}: {error.message.rstrip('.')}"
            if isinstance(error.param.type, click.Choice):
                value = error.message.partition("' is not ")[0].lstrip("'")
                message = f"`{value}` is no value of {name}"
                advice = _of_choices(value, [str(choice) for choice in error.param.type.choices])
        message = re.sub(r"'(-[^' ]*)'", r"`\1`", message[:1].lower() + message[1:])
        command = error.ctx.command_path if error.ctx else "meshlint check"
        return cls(message, help=advice or f"`{command} --help` lists what there is")


def _near(word: str, known: Iterable[str]) -> str | None:
    from meshlint.suggest import nearest

    return nearest(word, known)


def _of_choices(value: str, choices: Sequence[str]) -> str:
    near = _near(value, choices)
    if near or len(choices) == 1:
        return f"did you mean `{near}`?" if near else f"write `{choices[0]}`"
    return f"write one of {', '.join(choices)}"


def _did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The nearest of the known words as a question, else the first three; None where nothing is known."""
    near = _near(word, known)
    names = [near] if near else sorted(known)[:3]
    return f"did you mean {' or '.join(f'`{name}`' for name in names)}?" if names else None


def refuse_misspelt_command(word: str, commands: Iterable[str]) -> None:
    """Raise Failure where a word is neither a file nor an option, but nearly a command."""
    near = None if word.startswith("-") or os.path.lexists(word) else _near(word, commands)
    if near:
        raise Failure(f"no such command, file or folder: `{word}`", help=f"did you mean `meshlint {near}`?")


def in_file(file: "ConfigFile", flaws: "Iterable[Flaw]") -> Failure:
    """The flaws of a configuration file as one failure, in the order of the text."""
    from meshlint.reading.lines import split_lines

    lines = split_lines(file.text)
    path = os.path.relpath(file.location)
    found = []
    for flaw in sorted(flaws, key=file.region):
        region = file.region(flaw)
        line = lines[region.line - 1] if region.line <= len(lines) else ""
        found.append(Failure(flaw.message, help=flaw.help, excerpt=Excerpt(path, region, line)))
    first = found[0]
    return Failure(first.message, help=first.help, excerpt=first.excerpt, others=tuple(found[1:]))


def draw(failure: Failure) -> int:
    """Write a failure to stderr; its exit code."""
    from meshlint.report.terminal import Palette, wants_color

    palette = Palette(wants_color("auto", sys.stderr))
    for each in (failure, *failure.others):
        sys.stderr.write("".join(f"{line}\n" for line in _drawn(each, palette)))
    return failure.code


def _drawn(failure: Failure, palette: "Palette") -> Iterator[str]:
    from meshlint.findings import Severity
    from meshlint.report.cells import visible

    yield f"{palette.severity(Severity.ERROR, 'error')}: {visible(failure.message)}"
    indent = "  "
    if failure.excerpt:
        indent = yield from _excerpt(failure.excerpt, palette)
    if failure.help:
        yield f"{indent}{palette.help('help')}: {visible(failure.help)}"


def _excerpt(excerpt: Excerpt, palette: "Palette") -> Generator[str, None, str]:
    """The place, the line of text, and the mark below it; the indent of what follows is returned."""
    from meshlint.findings import Severity
    from meshlint.report.cells import visible
    from meshlint.report.snippet import cut

    region = excerpt.region
    gutter = len(str(region.line)) + 3
    snippet = cut(excerpt.line, region, 100)
    yield f"  {visible(excerpt.path)}:{region.line}:{region.column}"
    yield f"{palette.faint(f'{region.line:>{gutter}} |')} {snippet.text}"
    bar = palette.faint(f"{'':>{gutter}} |")
    yield f"{bar} {palette.severity(Severity.ERROR, snippet.underline(region, '^'))}"
    return f"{'':>{gutter}} {palette.faint('=')} "
