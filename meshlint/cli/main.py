"""The command line as a whole: which command is meant, and how errors of usage read.

Exit codes: 0 clean, 1 findings at or above `--fail-on`, 2 usage, configuration or a named path that
cannot be opened, 3 internal error. The highest wins, the same for every format.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from meshlint import __version__
from meshlint.cli.guard import guarded
from meshlint.cli.usage import Failure, draw, refuse_misspelt_command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "check": "meshlint.cli.check:check",
    "explain": "meshlint.cli.explain:explain",
    "readiness": "meshlint.cli.readiness:readiness",
    "route": "meshlint.cli.route:route",
    "config": "meshlint.cli.config:config",
    "init": "meshlint.cli.init:init",
}
"""Name of a command -> where it is. Imported when it is called."""

EXAMPLES = (
    ("meshlint manifests/", "lint a folder; `meshlint check --help` has all options"),
    ("meshlint explain ML204", "what a rule is about, with an example"),
    ("meshlint init", "a commented configuration to start from"),
)


class Commands(click.Group):
    """The group of commands, imported on first use."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All names, for the help text."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        from importlib import import_module

        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first sentence of each command, whole, and examples."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [
            (name, " ".join((command.help or "").partition("\n\n")[0].split())) for name, command in commands if command
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
        with formatter.section("Examples"):
            formatter.write_dl(EXAMPLES)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The commands, and what `check` takes, whose name may be left out."""
        check = self.get_command(ctx, "check")
        assert check is not None
        below = click.Context(check, parent=ctx, info_name="check")
        paths = [item for parameter in check.params[:1] for item in parameter.shell_complete(below, incomplete)]
        return [*super().shell_complete(ctx, incomplete), *check.shell_complete(below, incomplete), *paths]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="meshlint", message="%(prog)s %(version)s")
def group() -> None:
    """Lint Istio configuration: whole-mesh checks on plain YAML files, offline.

    `meshlint PATHS` is short for `meshlint check PATHS`.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the exit code."""
    if "_MESHLINT_COMPLETE" in os.environ:
        from meshlint.cli.completion import insert_command

        insert_command(os.environ, COMMANDS)
    return guarded(lambda: _by_click(arguments))


def _by_click(arguments: Sequence[str]) -> int:
    try:
        code = group.main(args=completed(arguments), prog_name="meshlint", standalone_mode=False)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.UsageError as error:
        return draw(Failure.of_usage(error))
    except click.ClickException as error:
        return draw(Failure(error.format_message()))
    except click.Abort as error:
        raise KeyboardInterrupt from error
    return code if isinstance(code, int) else 0


def completed(arguments: Sequence[str]) -> list[str]:
    """The arguments with the command they mean: `meshlint a.yaml` is `meshlint check a.yaml`.

    Raises Failure where the first is a slip of a command and nothing else.
    """
    first = arguments[0] if arguments else ""
    if first in COMMANDS or first in {"--help", "-h", "--version"}:
        return list(arguments)
    refuse_misspelt_command(first, COMMANDS)
    return ["check", *arguments]
