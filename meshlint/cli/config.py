"""`meshlint config`: the settings in force, each with where it comes from, as a configuration file."""

from typing import Any

import click
import msgspec

from meshlint.cli.options import Grouped, given, shared_options
from meshlint.cli.settings import effective, settings_of
from meshlint.config import Effective
from meshlint.config.model import KEYS

_CHECK_ONLY = ("hook", "write_baseline", "fix", "diff")


@click.command(cls=Grouped, params=shared_options(leave_out=_CHECK_ONLY))
@click.option("--all", "everything", is_flag=True, help="Defaults too, not only what is set.")
@click.pass_context
def config(context: click.Context, /, *, everything: bool, **_: Any) -> int:
    """Print the settings in force, and where each comes from.

    What is printed is a configuration file. The options are those of `check`: the settings shown
    are those that `meshlint check` would have with them.
    """
    settings = effective(given(context))
    settings_of(settings)  # whatever is wrong is said here, too
    click.echo("\n".join(lines(settings, everything=everything)))
    return 0


def lines(settings: Effective, *, everything: bool) -> list[str]:
    """One setting a line, with its origin as a comment; longer ones over several lines."""
    import os

    place = os.path.relpath(settings.file.location) if settings.file else "no .meshlint.yaml here or above"
    found = [f"# {place}"]
    for key, field in KEYS.items():
        origin = settings.origin(key)
        value = msgspec.json.decode(msgspec.json.encode(getattr(settings.config, field)))
        if value is None:
            found += [f"# {key} is not set"] if everything else []
        elif everything or origin != "default":
            found += _setting(key, value, origin)
    return found if len(found) > 1 else [*found, "# every setting has its default (`--all` prints them)"]


def _setting(key: str, value: Any, origin: str) -> list[str]:
    """`key: value  # origin`; JSON is YAML, so values are written as JSON where they are no plain word."""
    if isinstance(value, dict | list) and any(isinstance(item, dict) for item in _items(value)):
        rows = [f"  {name}: {_text(item)}" for name, item in value.items()] if isinstance(value, dict) else []
        rows = rows or [f"- {_text(item)}" for item in value]
        return [f"{key}:  # {origin}", *rows]
    return [f"{key}: {_text(value)}  # {origin}"]


def _items(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, str) and value.replace("-", "").replace("_", "").isalpha() and not _is_word(value):
        return value
    return msgspec.json.encode(value).decode()


def _is_word(text: str) -> bool:
    """Whether YAML reads a plain text as something else: `yes`, `null`."""
    from meshlint.reading.scalars import resolve

    return not isinstance(resolve(text), str)
