"""`meshlint check PATHS`, as click reads it; `quick.py` reads the everyday forms of it without click."""

from typing import Any

import click

from meshlint.cli.linting import run
from meshlint.cli.options import Grouped, given, shared_options
from meshlint.cli.settings import effective


class Check(Grouped):
    """The command with its examples."""

    examples = (
        ("meshlint", "lint what .meshlint.yaml says, else this folder"),
        ("meshlint -f sarif -o out.sarif -f console manifests/", "two formats in one run"),
        ("kustomize build . | meshlint -", "lint what a build gives"),
        ("meshlint --select ML4 --fail-on error manifests/", "security only, fail on errors only"),
        ("meshlint --write-baseline known.json", "accept what is there, then `--baseline known.json`"),
    )


@click.command(cls=Check, params=shared_options())
@click.pass_context
def check(context: click.Context, /, **_: Any) -> int:
    """Judge files, folders (`*.yaml` and `*.yml` in them) and standard input (`-`).

    Without PATHS: `paths` of .meshlint.yaml, else the working directory. Every option but --config
    and --write-baseline can stand in .meshlint.yaml too; the command line wins.
    """
    values = given(context)
    files = values.pop("paths", ()) if values.get("hook") else None
    return run(effective(values), values, files)
