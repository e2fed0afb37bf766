"""`meshlint readiness PATHS`: can the mesh go STRICT, which workloads, in which order, and what breaks?"""

import sys
from typing import Any, TextIO

import click
import msgspec

from meshlint.cli.inputs import Plan, plan
from meshlint.cli.linting import watched
from meshlint.cli.options import OF_FINDINGS, Grouped, given, shared_options
from meshlint.cli.settings import effective, settings_of
from meshlint.cli.usage import Failure
from meshlint.config import Effective
from meshlint.engine import Survey, survey
from meshlint.readiness import console, markdown
from meshlint.readiness.judge import judge
from meshlint.readiness.model import Report, Verdict
from meshlint.report.cells import visible
from meshlint.report.terminal import settings_for
from meshlint.sources import Unreadable

_READ = ("ML001",)
"""Text that does not parse is all that is wanted of the rules: what it holds is not visible."""


class Readiness(Grouped):
    """The command with its examples."""

    examples = (
        ("meshlint readiness manifests/", "every namespace, and the order in which they can move"),
        ("meshlint readiness --only shop -f markdown .", "one namespace, for a pull request"),
        ("meshlint readiness --scope complete .", "these files are the whole mesh: no label is set elsewhere"),
    )


@click.command(cls=Readiness, params=shared_options(leave_out=OF_FINDINGS))
@click.option("--only", multiple=True, metavar="NAMESPACE", help="Report on this namespace; repeat for several.")
@click.option(
    "--injected",
    multiple=True,
    metavar="NAMESPACE",
    help="Take it for labelled `istio-injection: enabled`, where no file says; repeat, or a pattern (`*`).",
)
@click.option(
    "--target",
    type=click.Choice(["STRICT"], case_sensitive=False),
    metavar="STRICT",
    default="STRICT",
    help="The mode to get ready for.  [default: STRICT]",
)
@click.option(
    "-f", "--format", type=click.Choice(["console", "json", "markdown"]), default="console", help="How to write it."
)
@click.option("-o", "--output", metavar="FILE", help="Where to write it, instead of stdout.")
@click.pass_context
def readiness(context: click.Context, /, format: str, output: str | None, **own: Any) -> int:  # noqa: A002 - the option's name
    """Say whether workloads can go from PERMISSIVE to STRICT mutual TLS, and what breaks.

    Nothing is asked of a cluster: what files cannot show is listed, and is never taken for an answer.
    Exit code: 0 if all that is reported on is ready, with or without exceptions; 1 if something is not, or unknown.
    """
    values = {
        name: value for name, value in given(context).items() if name not in {"only", "target", "format", "output"}
    }
    settings = effective(values)
    planned = plan(settings)
    report, read = _judged(settings, planned, own["only"], own["injected"])
    _write(report, format, output, settings)
    _speak(read, planned, settings)
    return _exit_code(report, read, planned)


def _judged(
    settings: Effective, planned: Plan, only: tuple[str, ...], injected: tuple[str, ...]
) -> tuple[Report, Survey]:
    told = settings_of(settings)
    known = told.selection.known
    selection = msgspec.structs.replace(told.selection, rules={code: known[code] for code in _READ if code in known})
    told = msgspec.structs.replace(told, selection=selection)
    read = watched(lambda step: survey(planned.given, told, step), planned.count, quiet=settings.config.quiet)
    locator = read.locator
    unread = [f"{item.path}:{item.region.line}, which could not be read: {item.message}" for item in read.findings]
    unread += [f"{failure.path}, which could not be read: {failure.reason}" for failure in planned.failures]
    report = judge(
        read.mesh,
        lambda spot: (locator.path(spot), locator.region(spot)),
        only=only,
        injected=injected,
        unread=unread,
    )
    return report, read


def _write(report: Report, form: str, output: str | None, settings: Effective) -> None:
    if output is None:
        _render(report, form, sys.stdout, settings)
        return
    try:
        with open(output, "w", encoding="utf-8", newline="\n") as stream:
            _render(report, form, stream, settings)
    except OSError as error:
        raise Failure(f"cannot write {output}: {error.strerror}") from error


def _render(report: Report, form: str, stream: TextIO, settings: Effective) -> None:
    if form == "json":
        stream.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
        return
    written = (
        markdown.lines(report)
        if form == "markdown"
        else console.lines(report, settings_for(stream, settings.config.color))
    )
    stream.writelines(f"{line}\n" for line in written)


def _speak(read: Survey, planned: Plan, settings: Effective) -> None:
    for failure in planned.failures:
        level = "error" if failure.named and isinstance(failure, Unreadable) else "note"
        sys.stderr.write(f"{level}: {failure.path}: {failure.reason}\n")
    if not settings.config.quiet:
        sys.stderr.write("".join(f"note: {visible(note)}\n" for note in read.summary.notes))


def _exit_code(report: Report, read: Survey, planned: Plan) -> int:
    """0 ready, 1 something is not (or unknown), 2 a named path that cannot be opened, 3 a file that meshlint failed on."""
    if any(item.rule == "ML003" for item in read.findings):
        return 3
    if any(failure.named and isinstance(failure, Unreadable) for failure in planned.failures):
        return 2
    return 0 if report.verdict in {Verdict.READY, Verdict.EXCEPTIONS} else 1
