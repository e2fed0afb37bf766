"""The options of `check`, which `config` takes too: grouped in the help, None where not given.

A value on the command line replaces that of the configuration file; what neither gives is the
default of `meshlint.config.Config`, so no option has a default of its own here.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from meshlint.config import Config, Effective
from meshlint.report.formats import FORMATS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_DEFAULTS = Config()


def _words(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Split `--select ML2,ML301` at commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """What the shell completes for a parameter; only a shell that asks pays for it."""
    from meshlint.cli import completion

    return completion.complete(context, parameter, incomplete)


def _flag(name: str, text: str) -> click.Option:
    return click.Option([name], is_flag=True, help=text)


def _several(names: str, metavar: str, text: str, **more: Any) -> click.Option:
    return click.Option(names.split(), multiple=True, metavar=metavar, help=text, shell_complete=complete, **more)


def _one(names: str, text: str, **more: Any) -> click.Option:
    return click.Option(names.split(), help=text, shell_complete=complete, **more)


def _choice(name: str, choices: Sequence[str], text: str) -> click.Option:
    default = getattr(_DEFAULTS, name[2:].replace("-", "_"))
    shown = getattr(default, "value", default)
    return click.Option([name], type=click.Choice(choices), help=f"{text}  [default: {shown}]")


def _count(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | str | None:
    """`auto`, or a number of processes."""
    if value is None or value == "auto":
        return value
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is neither `auto` nor a number from 1 on.")
    return int(value)


GROUPS: dict[str, list[click.Option]] = {
    "What is read": [
        _several("--context", "PATH", "Read too, but never reported on."),
        _one("-n --namespace", "Where resources without a namespace live.  [default: default]", metavar="NAME"),
        _choice("--scope", ["auto", "complete", "partial"], "How much of the mesh the input holds."),
        _one("--mesh-config", "MeshConfig, or the ConfigMap or IstioOperator that holds it.", metavar="FILE"),
        _one(
            "--istio-version",
            f"Istio to check against.  [default: as installed by the input, else {_DEFAULTS.istio_version}]",
            metavar="X.Y",
        ),
        _one(
            "--gateway-api-version",
            f"Gateway API to check against; X.Y-standard for its standard channel.  [default: {_DEFAULTS.gateway_api_version}]",
            metavar="X.Y",
        ),
        _several("--schema-dir", "DIR", "Schemas of further kinds: CRDs or JSON Schema."),
        _flag("--strict-yaml", "Read every document with the full parser: slower, with the same result."),
        _one("--config", "Instead of the .meshlint.yaml of this folder or one above.", metavar="FILE"),
        _flag("--hook", "For pre-commit: judge git's index, report what touches PATHS, without any everything."),
    ],
    "Which rules run": [
        _several(
            "--select", "RULES", "Only these: codes, names, prefixes (ML2), codes of other tools.", callback=_words
        ),
        _several("--extend-select", "RULES", "These too, for rules that are off by default.", callback=_words),
        _several("--ignore", "RULES", "Not these; wins over both.", callback=_words),
        _several("--rules-dir", "DIR", "Rules of your own."),
        _choice("--fail-on", ["error", "warning", "info", "never"], "Exit 1 from this severity on."),
    ],
    "Silenced findings": [
        _one("--baseline", "Keep silent about what this file lists.", metavar="FILE"),
        _one("--write-baseline", "Write all findings of now to a baseline.", metavar="FILE"),
        _flag("--no-suppressions", "Comments and annotations silence nothing."),
        _flag("--show-suppressed", "Report silenced findings too, marked; they never fail a run."),
    ],
    "Fixes": [
        _flag("--fix", "Write the fixes that have only one reading, then report what is left."),
        _flag("--diff", "Show what --fix would write, and write nothing."),
    ],
    "Speed": [
        _one(
            "-j --jobs", "Processes; auto: one a core, where that pays.  [default: auto]", metavar="N", callback=_count
        ),
        _one("--cache", "Where results are kept.  [default: the user's folder for caches]", metavar="DIR"),
        _flag("--no-cache", "Keep no results, and use none."),
    ],
    "Output": [
        click.Option(
            ["-f", "--format"], multiple=True, type=click.Choice(list(FORMATS)), help="Format; repeat for several."
        ),
        _several("-o --output", "FILE", "Where the format of the same position goes."),
        _flag("--statistics", "Count findings by rule."),
        _choice("--color", ["auto", "always", "never"], "Colours; auto honours NO_COLOR."),
        click.Option(["-q", "--quiet"], is_flag=True, help="No summary and no notes on stderr."),
    ],
}


class Grouped(click.Command):
    """A command whose help has a heading for each group of options, and examples at the end."""

    examples: tuple[tuple[str, str], ...] = ()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the groups, and below *Other* what belongs to none."""
        shown = set()
        for title, options in GROUPS.items():
            own = [option for option in options if option in self.params]
            shown.update(own)
            _section(ctx, formatter, title, own)
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


def with_options(*, leave_out: Sequence[str] = ()) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a function the argument PATHS and the options of every group, but those that are left out."""
    params: list[click.Parameter] = [click.Argument(["paths"], nargs=-1, metavar="PATHS...", shell_complete=complete)]
    params += [option for options in GROUPS.values() for option in options if option.name not in leave_out]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        known = getattr(function, "__click_params__", [])
        function.__click_params__ = [*known, *reversed(params)]  # type: ignore[attr-defined]
        return function

    return decorate


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


def effective(values: dict[str, Any]) -> Effective:
    """Lay options that were given over the configuration file. Raises Failure where that is wrong."""
    import os

    from meshlint.cli.usage import Failure, in_file
    from meshlint.config import find, merged, read_config
    from meshlint.config.file import BrokenFile

    location = values.get("config") or find(os.getcwd())
    file = None
    try:
        if location:
            file = read_config(location)
    except OSError as error:
        raise Failure(f"cannot read {location}: {(error.strerror or str(error)).lower()}") from error
    except BrokenFile as error:
        raise in_file(error.file, error.flaws) from error
    try:
        return merged(file, values)
    except BrokenFile as error:
        raise in_file(error.file, error.flaws) from error
