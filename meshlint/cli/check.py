"""`meshlint check PATHS`: judge files and write reports."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, TextIO

import click
import msgspec

from meshlint.cli.explain import known_rules
from meshlint.cli.progress import progress
from meshlint.cli.usage import Failure
from meshlint.engine import Input, Settings, lint
from meshlint.findings import Severity
from meshlint.mesh.context import Scope
from meshlint.registry import RuleError
from meshlint.report.formats import FORMATS, render
from meshlint.report.model import Report
from meshlint.report.model import Settings as Look
from meshlint.report.summary import statistics_lines, summary_lines
from meshlint.report.terminal import settings_for
from meshlint.ruleset import OptionsError
from meshlint.selection import SelectionError, select
from meshlint.sources import File, Skipped, Source, Unreadable, discover, load

FAIL_ON = ("error", "warning", "info", "never")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `check`, as given."""

    paths: tuple[str, ...] = (".",)
    format: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "warning"
    scope: str = "auto"
    namespace: str = "default"
    context: tuple[str, ...] = ()
    rules_dir: tuple[str, ...] = ()
    statistics: bool = False
    color: str = "auto"
    quiet: bool = False


def _words(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Split `--select ML2,ML301` at commas."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@click.command()
@click.argument("paths", nargs=-1, metavar="PATHS...")
@click.option("-f", "--format", multiple=True, type=click.Choice(list(FORMATS)), help="Format; repeat for several.")
@click.option("-o", "--output", multiple=True, metavar="FILE", help="Where the format of the same position goes.")
@click.option(
    "--select", multiple=True, callback=_words, help="Run these rules only: codes, names, prefixes, peers' codes."
)
@click.option("--extend-select", multiple=True, callback=_words, help="Run these rules too.")
@click.option("--ignore", multiple=True, callback=_words, help="Leave these rules out.")
@click.option(
    "--fail-on", type=click.Choice(FAIL_ON), default="warning", show_default=True, help="Exit 1 from this severity on."
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default="auto",
    show_default=True,
    help="How much of the mesh the input holds.",
)
@click.option(
    "-n", "--namespace", default="default", show_default=True, help="Where resources without a namespace live."
)
@click.option("--context", multiple=True, metavar="PATH", help="Read, but never reported on.")
@click.option("--rules-dir", multiple=True, metavar="DIR", help="Further rules.")
@click.option("--statistics", is_flag=True, help="Count findings by rule.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("-q", "--quiet", is_flag=True, help="No summary and no notes on stderr.")
def check(**given: Any) -> int:
    """Judge files, folders and standard input (`-`); the working directory without PATHS."""
    given["paths"] = given["paths"] or (".",)
    return run(Options(**given))


def run(options: Options) -> int:
    """Judge and report; the exit code."""
    outputs = paired(options.format, options.output)
    settings = settings_of(options)
    found = discover(options.paths)
    context = discover(options.context) if options.context else None
    failures: list[Unreadable | Skipped] = list(found.failures)
    given = Input(
        sources=read_all(found.files, failures),
        context=read_all(context.files, failures) if context else (),
    )
    try:
        with progress(len(found.files), wanted=not options.quiet) as step:
            report = lint(given, settings, step)
    except OptionsError as error:
        raise Failure(str(error)) from error
    report = msgspec.structs.replace(report, summary=_with_failures(report, failures))
    write(report, outputs, options)
    _speak(report, failures, options)
    return exit_code(report, failures, options)


def settings_of(options: Options) -> Settings:
    """What the engine is told. Raises Failure for what cannot be."""
    try:
        rules = known_rules(options.rules_dir)
        selection = select(rules, only=options.select, extend=options.extend_select, ignore=options.ignore)
    except RuleError as error:
        raise Failure(str(error)) from error
    except SelectionError as error:
        near = " or ".join(f"`{name}`" for name in error.near)
        raise Failure(
            str(error), help=f"did you mean {near}?" if near else "`meshlint explain` lists all rules"
        ) from error
    return Settings(selection=selection, scope=Scope(options.scope), namespace=options.namespace)


def paired(formats: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each format with its file: the n-th `-o` belongs to the n-th `-f`; a last one without goes to stdout."""
    formats = formats or ("console",)
    if len(outputs) not in {len(formats), len(formats) - 1}:
        raise Failure(
            f"{len(formats)} formats, but {len(outputs)} output files",
            help="give each -f its -o; the last -f may go without and then writes to stdout",
        )
    return [(name, outputs[n] if n < len(outputs) else None) for n, name in enumerate(formats)]


def read_all(files: Iterable[File], failures: list[Unreadable | Skipped]) -> Iterator[Source]:
    """The sources of files, one file open at a time; what cannot be read is added to `failures`."""
    for file in files:
        loaded = load(file)
        if isinstance(loaded, Unreadable | Skipped):
            failures.append(loaded)
        else:
            yield from loaded


def write(report: Report, outputs: Sequence[tuple[str, str | None]], options: Options) -> None:
    """Write every report to its place."""
    for name, path in outputs:
        with ExitStack() as stack:
            stream: TextIO = sys.stdout
            if path is not None:
                try:
                    stream = stack.enter_context(open(path, "w", encoding="utf-8", newline="\n"))
                except OSError as error:
                    raise Failure(f"cannot write {path}: {error.strerror}") from error
            for note in render(name, report, stream, _look(stream, options)):
                sys.stderr.write(f"note: {note}\n")


def _look(stream: TextIO, options: Options) -> Look:
    return msgspec.structs.replace(
        settings_for(stream, options.color),
        fail_on=None if options.fail_on == "never" else Severity(options.fail_on),
    )


def _with_failures(report: Report, failures: Sequence[Unreadable | Skipped]) -> Any:
    skipped = Counter(report.summary.skipped)
    skipped.update("unreadable" for _ in failures)
    return msgspec.structs.replace(report.summary, skipped=dict(sorted(skipped.items())))


def _speak(report: Report, failures: Sequence[Unreadable | Skipped], options: Options) -> None:
    """The summary, the statistics and what could not be read, on stderr."""
    for failure in failures:
        level = "error" if failure.named and isinstance(failure, Unreadable) else "note"
        sys.stderr.write(f"{level}: {failure.path}: {failure.reason}\n")
    if options.quiet:
        return
    if options.statistics:
        sys.stderr.write("".join(f"{line}\n" for line in statistics_lines(report.findings)))
    sys.stderr.write("".join(f"{line}\n" for line in summary_lines(report.summary)))


def exit_code(report: Report, failures: Sequence[Unreadable | Skipped], options: Options) -> int:
    """0 clean, 1 findings that count, 2 a named path that cannot be opened, 3 a rule that crashed."""
    order = [severity.value for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)]
    counting = [item for item in report.findings if item.suppressed is None]
    if any(item.rule == "ML003" for item in counting):
        return 3
    if any(failure.named and isinstance(failure, Unreadable) for failure in failures):
        return 2
    if options.fail_on == "never":
        return 0
    least = order.index(options.fail_on)
    return 1 if any(order.index(item.severity.value) >= least for item in counting) else 0
