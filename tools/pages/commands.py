"""The page of the commands: what `--help` prints, as tables."""

from collections.abc import Iterator, Sequence

import click

from meshlint.cli.main import COMMANDS, group
from meshlint.cli.options import GROUPS, Grouped
from tools.pages.rules import prose


def page() -> str:
    """The Markdown: a section for each command."""
    context = click.Context(group, info_name="meshlint")
    parts = ["# Commands\n", "The same as `--help` prints. [Exit codes](ci.md#exit-codes) are those of CI.\n"]
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None
        parts += _section(command, click.Context(command, parent=context, info_name=name))
    return "\n".join(parts)


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## {context.command_path}\n"
    yield f"`{context.command_path} {usage}`\n"
    yield f"{_unwrapped(command.help or '')}\n"
    if isinstance(command, Grouped) and command.examples:
        yield "| example | does |\n| --- | --- |"
        yield "\n".join(_row(line, says) for line, says in command.examples)
        yield ""
    shown: set[click.Parameter] = set()
    for title, options in GROUPS.items():
        own = [option for option in options if option in command.params]
        shown.update(own)
        yield from _table(title, own, context)
    yield from _table("Other" if shown else "Options", [each for each in command.params if each not in shown], context)


def _table(title: str, parameters: Sequence[click.Parameter], context: click.Context) -> Iterator[str]:
    records = [record for each in parameters if (record := each.get_help_record(context))]
    if records:
        yield f"**{title}**\n\n| option | says |\n| --- | --- |"
        yield "\n".join(_row(names, says) for names, says in records)
        yield ""


def _row(code: str, says: str) -> str:
    """A row of a table; in one, a bar inside of code needs a backslash."""
    return f"| `{code.replace('|', chr(92) + '|')}` | {prose(says)} |"


def _unwrapped(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
