"""The options of `check`, which other commands take too, as click knows them: grouped in the help, None where not given."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from meshlint.cli.table import TABLE, Option

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _words(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Split `--select ML2,ML301` at commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """What the shell completes for a parameter; only a shell that asks pays for it."""
    from meshlint.cli import completion

    return completion.complete(context, parameter, incomplete)


def _count(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | str | None:
    """`auto`, or a number of processes."""
    if value is None or value == "auto":
        return value
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is neither `auto` nor a number from 1 on.")
    return int(value)


def _built(option: Option) -> click.Option:
    """An option as click knows it."""
    names = list(option.names)
    if option.form == "flag":
        return click.Option(names, is_flag=True, help=option.help)
    callbacks = {"words": _words, "count": _count}
    more: dict[str, Any] = {"type": click.Choice(option.choices)} if option.choices else {"shell_complete": complete}
    return click.Option(
        names,
        multiple=option.form in {"several", "words"},
        metavar=option.metavar,
        help=option.help,
        callback=callbacks.get(option.form),
        **more,
    )


GROUPS = {title: [_built(option) for option in options] for title, options in TABLE.items()}


OF_FINDINGS = (
    *("gateway_api_version", "schema_dir", "hook", "select", "extend_select", "ignore", "rules_dir", "fail_on"),
    *("baseline", "write_baseline", "no_suppressions", "show_suppressed", "fix", "diff"),
    *("format", "output", "statistics"),
)
"""Options that a command which judges nothing leaves out."""


class Grouped(click.Command):
    """A command whose help has a heading for each group of options, and examples at the end."""

    examples: tuple[tuple[str, str], ...] = ()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options that only this command has, the groups, and below *Other* what every command has."""
        grouped = {option for options in GROUPS.values() for option in options}
        own = [option for option in self.params if option not in grouped]
        asked = [option for option in own if isinstance(option, click.Option) and option.name != "version"]
        _section(ctx, formatter, "What is asked", asked)
        for title, options in GROUPS.items():
            _section(ctx, formatter, title, [option for option in options if option in self.params])
        shown = {*grouped, *asked}
        _section(ctx, formatter, "Other", [option for option in self.get_params(ctx) if option not in shown])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section("Examples"):
                formatter.write_dl(self.examples)
        super().format_epilog(ctx, formatter)


def _section(
    ctx: click.Context, formatter: click.HelpFormatter, title: str, options: Sequence[click.Parameter]
) -> None:
    rows = [record for option in options if (record := option.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def shared_options(*, leave_out: Sequence[str] = ()) -> list[click.Parameter]:
    """The argument PATHS and the options of every group, but those that are left out: the `params` of a command."""
    paths = click.Argument(["paths"], nargs=-1, metavar="PATHS...", shell_complete=complete)
    return [paths, *(option for options in GROUPS.values() for option in options if option.name not in leave_out)]


def given(context: click.Context) -> dict[str, Any]:
    """The options that the command line gives, by name."""
    source = context.get_parameter_source
    return {name: value for name, value in context.params.items() if source(name) is ParameterSource.COMMANDLINE}


def help_texts() -> dict[str, str]:
    """What the help says of each long option, by name; the schema of the configuration says the same."""
    texts = {}
    for options in GROUPS.values():
        for option in options:
            texts[max(option.opts, key=len)[2:]] = (option.help or "").partition("  [")[0]
    return texts
