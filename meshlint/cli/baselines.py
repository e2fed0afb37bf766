"""`--write-baseline`, and what `--baseline` has to say at the end of a run."""

import os
from collections import Counter

import msgspec

from meshlint.cli.usage import Failure
from meshlint.config import Effective
from meshlint.engine import Settings
from meshlint.findings import Severity
from meshlint.report.model import Report
from meshlint.report.summary import count
from meshlint.suppress.baseline import Baseline, BaselineError, baseline_of, write_baseline

_NAMED = 10
"""Entries that are named before the rest is counted."""


def written(report: Report, told: Settings, settings: Effective, path: str) -> Report:
    """Write a baseline of what counts; the report with that baseline in force."""
    baseline = baseline_of(report.findings, told.selection, _paths(settings, path))
    try:
        write_baseline(path, baseline)
    except BaselineError as error:
        raise Failure(str(error)) from error
    number = sum(entry.count for entry in baseline.known.values())
    found = baseline.applied(report.findings, told.selection)
    counting = Counter(item.severity for item in found if item.suppressed is None)
    summary = msgspec.structs.replace(
        report.summary,
        findings={severity: counting.get(severity, 0) for severity in Severity},
        suppressed=sum(item.suppressed is not None for item in found),
        notes=(*report.summary.notes, f"{path}: {count(number, 'finding')} written"),
    )
    return msgspec.structs.replace(report, findings=found, summary=summary)


def noted(report: Report, baseline: Baseline, told: Settings, settings: Effective, *, whole: bool) -> Report:
    """The report with a note on each entry that is fixed; only where the run saw all that the baseline is about."""
    path = settings.location("baseline", settings.config.baseline or "")
    if not whole and _paths(settings, path) != baseline.paths:
        return report
    fixed = baseline.fixed(report.findings, told.selection)
    notes = [f"{path}: {entry.rule} {entry.where} is fixed" for entry in fixed[:_NAMED]]
    if len(fixed) > _NAMED:
        notes.append(f"{path}: {len(fixed) - _NAMED:,} more are fixed")
    if fixed:
        notes.append(f"`--write-baseline {path}` removes what is fixed")
    summary = msgspec.structs.replace(report.summary, notes=(*report.summary.notes, *notes))
    return msgspec.structs.replace(report, summary=summary)


def _paths(settings: Effective, baseline: str) -> tuple[str, ...]:
    """What the run is about, as seen from the folder of the baseline."""
    folder = os.path.dirname(os.path.abspath(baseline))
    return tuple(sorted(os.path.relpath(path, folder) for path in settings.locations("paths") if path != "-"))
