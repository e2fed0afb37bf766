"""What the shell completes: files, rules, and the command that `meshlint PATHS` leaves out."""

from collections.abc import Collection, MutableMapping

import click
from click.shell_completion import CompletionItem, split_arg_string


def files(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files and folders; the shell lists them itself."""
    return [CompletionItem(incomplete, type="file")]


def folders(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Folders only."""
    return [CompletionItem(incomplete, type="dir")]


def rules(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes and names of rules; of `ML204,mis` the part after the last comma."""
    from meshlint.cli.settings import known_rules

    before, comma, word = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{name}", help=meta.summary)
        for meta in known_rules()
        for name in (meta.code, meta.name)
        if name.lower().startswith(word.lower())
    ]


_BY_METAVAR = {"FILE": files, "PATH": files, "PATHS...": files, "DIR": folders, "RULES": rules}


def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What a parameter completes, by the word that stands for its value in the help; CODE has none."""
    how = rules if parameter.name == "code" else _BY_METAVAR.get(parameter.metavar or "")
    return how(context, parameter, incomplete) if how else []


def insert_command(environment: MutableMapping[str, str], commands: Collection[str]) -> None:
    """Let a shell that completes `meshlint --scope <tab>` ask for `meshlint check --scope <tab>`.

    The shell says what is typed in COMP_WORDS, and in COMP_CWORD which word it completes: its number
    (bash, zsh) or its text (fish).
    """
    text, current = environment.get("COMP_WORDS", ""), environment.get("COMP_CWORD", "")
    words = split_arg_string(text)
    finished = words[1 : int(current)] if current.isdecimal() else words[1 : len(words) - bool(current)]
    if not finished or finished[0] in commands or finished[0] in {"--help", "-h", "--version"}:
        return
    program, rest = text.split(None, 1)  # bash puts line ends between the words
    environment["COMP_WORDS"] = f"{program} check {rest}"
    if current.isdecimal():
        environment["COMP_CWORD"] = str(int(current) + 1)
