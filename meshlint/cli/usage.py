"""Errors of usage and configuration, drawn like findings: what is wrong, where, and what to write instead."""

import sys

import click


class Failure(Exception):
    """The run cannot begin, or not end: exit code 2 (3 where meshlint itself is at fault)."""

    def __init__(self, message: str, *, help: str | None = None, place: str | None = None, code: int = 2) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help
        self.place = place
        self.code = code

    @classmethod
    def of_usage(cls, error: click.UsageError) -> "Failure":
        """What click says, with its suggestions as help."""
        advice = None
        if isinstance(error, click.NoSuchOption) and error.possibilities:
            advice = f"did you mean {' or '.join(f'`{name}`' for name in sorted(error.possibilities)[:3])}?"
            message = f"no such option: `{error.option_name}`"
        else:
            message = error.format_message().rstrip(".")
            message = message[:1].lower() + message[1:]
        command = error.ctx.command_path if error.ctx else "meshlint"
        return cls(message, help=advice or f"`{command} --help` lists what there is")


def draw(failure: Failure) -> int:
    """Write a failure to stderr; its exit code."""
    from meshlint.report.cells import visible
    from meshlint.report.terminal import Palette, wants_color

    palette = Palette(wants_color("auto", sys.stderr))
    from meshlint.findings import Severity

    place = f"{failure.place}: " if failure.place else ""
    sys.stderr.write(f"{palette.severity(Severity.ERROR, 'error')}: {visible(place + failure.message)}\n")
    if failure.help:
        sys.stderr.write(f"  {palette.help('help')}: {visible(failure.help)}\n")
    return failure.code
