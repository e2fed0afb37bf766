"""Judge files and write reports: what `meshlint check` does, once the command line is read."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, TextIO, TypeVar

import msgspec

from meshlint.cli.inputs import Plan, plan, plan_commit
from meshlint.cli.settings import failure, settings_of
from meshlint.cli.usage import Failure
from meshlint.config import Config, Effective, Flaw
from meshlint.engine import Settings, lint
from meshlint.findings import Severity
from meshlint.report.formats import render
from meshlint.report.model import Report, Summary
from meshlint.report.model import Settings as Look
from meshlint.report.terminal import Palette, settings_for, wants_color
from meshlint.ruleset import OptionsError
from meshlint.sources import Unreadable

Result = TypeVar("Result")


def run(settings: Effective, values: Mapping[str, Any], files: Sequence[str] | None) -> int:
    """Judge and report; the exit code.

    `values` are the options of the command line; `files`, with `--hook`, what a commit touches.
    """
    _refuse_pairs(values)
    outputs = paired(settings)
    writes_baseline = "write_baseline" in values
    if writes_baseline:
        settings = settings.without_baseline()
    told = settings_of(settings)
    if "fix" in values or "diff" in values:
        return _run_fixing(settings, values, told, outputs)
    planned = plan(settings) if files is None else plan_commit(settings, files)
    report = judged(planned, told, quiet=settings.config.quiet)
    if writes_baseline:
        from meshlint.cli import baselines

        report = baselines.written(report, told, settings, values["write_baseline"])
    elif told.baseline is not None and planned.given.only is None:
        from meshlint.cli import baselines

        report = baselines.noted(report, told.baseline, told, settings, whole=planned.given.whole)
    write(report, outputs, settings.config)
    _speak(report, planned, settings.config)
    return exit_code(report, planned, settings.config)


_APART = (
    ("fix", "hook"),
    ("diff", "hook"),
    ("write_baseline", "hook"),
    ("write_baseline", "fix"),
    ("write_baseline", "diff"),
    ("cache", "no_cache"),
)


def _refuse_pairs(values: Mapping[str, Any]) -> None:
    """Raise Failure for options that mean nothing together."""
    for one, other in _APART:
        if one in values and other in values:
            names = f"--{one} and --{other}".replace("_", "-")
            raise Failure(f"{names} do not go together", help="run them one after the other")


def _run_fixing(
    settings: Effective,
    values: Mapping[str, Any],
    told: Settings,
    outputs: Sequence[tuple[str, str | None]],
) -> int:
    """Fix, or show what would be; then report what is left, where the differences do not go."""
    from meshlint.cli import fixing

    config = settings.config
    writes = "diff" not in values
    if writes and "-" in config.paths:
        raise Failure("standard input cannot be fixed", help="--diff shows what would change")
    outcome = fixing.fix_all(
        lambda read: plan(settings, read), lambda planned: judged(planned, told, quiet=config.quiet)
    )
    if writes:
        fixing.write(outcome)
    else:
        fixing.show(outcome)
    write(outcome.report, [(name, path) for name, path in outputs if writes or path], config)
    if not config.quiet:
        sys.stderr.write(f"{fixing.words(outcome, written=writes)}\n")
    _speak(fixing.without_fixes(outcome.report), outcome.planned, config)
    code = exit_code(outcome.report, outcome.planned, config)
    return max(code, 1) if outcome.changed and not writes else code


def judged(planned: Plan, told: Settings, *, quiet: bool) -> Report:
    """The report, with what could not be read counted in its summary."""
    try:
        report = watched(lambda step: lint(planned.given, told, step), planned.count, quiet=quiet)
    except OptionsError as error:
        raise Failure(str(error)) from error
    return msgspec.structs.replace(report, summary=_with_failures(report.summary, planned))


def watched(run: Callable[[Callable[[int], None]], Result], total: int, *, quiet: bool) -> Result:
    """What a run gives that calls back with the number of sources done; a bar shows it to a person who waits."""
    if quiet or not sys.stderr.isatty():
        return run(lambda _: None)
    from meshlint.cli.progress import progress

    with progress(total) as step:
        return run(step)


def paired(settings: Effective) -> list[tuple[str, str | None]]:
    """Each format with its file: the n-th `-o` belongs to the n-th `-f`; a last one without goes to stdout."""
    formats = settings.config.format or ("console",)
    outputs = settings.locations("output")
    if "format" in settings.given and "output" not in settings.given:
        outputs = ()  # those of the file belong to the formats there
    if len(outputs) not in {len(formats), len(formats) - 1}:
        from meshlint.report.summary import count

        message = f"{count(len(formats), 'format')}, but {count(len(outputs), 'output file')}"
        advice = "give each format its file; the last may go without and then writes to stdout"
        raise failure(settings, Flaw(message, advice, ("output",)))
    return [(name, outputs[n] if n < len(outputs) else None) for n, name in enumerate(formats)]


def write(report: Report, outputs: Sequence[tuple[str, str | None]], config: Config) -> None:
    """Write every report to its place."""
    for name, path in outputs:
        with ExitStack() as stack:
            stream: TextIO = sys.stdout
            if path is not None:
                try:
                    stream = stack.enter_context(open(path, "w", encoding="utf-8", newline="\n"))
                except OSError as error:
                    raise Failure(f"cannot write {path}: {error.strerror}") from error
            for note in render(name, report, stream, _look(stream, config)):
                sys.stderr.write(f"note: {note}\n")


def _look(stream: TextIO, config: Config) -> Look:
    return msgspec.structs.replace(
        settings_for(stream, config.color),
        show_suppressed=config.show_suppressed,
        fail_on=None if config.fail_on == "never" else Severity(config.fail_on),
    )


def _with_failures(summary: Summary, planned: Plan) -> Summary:
    skipped = Counter(summary.skipped)
    skipped.update("unreadable" for _ in planned.failures)
    return msgspec.structs.replace(summary, skipped=dict(sorted(skipped.items())))


def _speak(report: Report, planned: Plan, config: Config) -> None:
    """The summary, the statistics and what could not be read, on stderr."""
    for unread in planned.failures:
        level = "error" if unread.named and isinstance(unread, Unreadable) else "note"
        sys.stderr.write(f"{level}: {unread.path}: {unread.reason}\n")
    if config.quiet:
        return
    from meshlint.report.summary import statistics_lines, summary_lines

    if config.statistics:
        sys.stderr.write("".join(f"{line}\n" for line in statistics_lines(report.findings)))
    palette = Palette(wants_color(config.color, sys.stderr))
    sys.stderr.write("".join(f"{line}\n" for line in summary_lines(report.summary, report.findings, palette)))


def exit_code(report: Report, planned: Plan, config: Config) -> int:
    """0 clean, 1 findings that count, 2 a named path that cannot be opened, 3 a rule that crashed."""
    order = [severity.value for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)]
    counting = [item for item in report.findings if item.suppressed is None]
    if any(item.rule == "ML003" for item in counting):
        return 3
    if any(unread.named and isinstance(unread, Unreadable) for unread in planned.failures):
        return 2
    if config.fail_on == "never":
        return 0
    least = order.index(config.fail_on)
    return 1 if any(order.index(item.severity.value) >= least for item in counting) else 0
