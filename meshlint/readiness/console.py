"""The readiness report for people at a terminal, and (without colours) in a log."""

from collections import Counter
from collections.abc import Iterator, Sequence

from meshlint.findings import Severity
from meshlint.readiness.model import Level, Policy, Reason, Report, ScopeReport, Verdict, WorkloadReport
from meshlint.readiness.wording import (
    CHECKS,
    LAST_STEP,
    OUTSIDE,
    WAITING,
    conditions,
    counted,
    has_reasons,
    own_reasons,
)
from meshlint.report.cells import visible, wrap
from meshlint.report.model import Settings
from meshlint.report.terminal import Palette

_COLORS = {
    Verdict.NOT_READY: Severity.ERROR,
    Verdict.UNKNOWN: Severity.WARNING,
    Verdict.EXCEPTIONS: Severity.WARNING,
    Verdict.READY: Severity.INFO,
}
_LISTED = 10
"""Workloads of a namespace that are ready and listed by name; JSON has all."""
_HANGING = "    "
_LEVELS = {Level.BLOCKER: Severity.ERROR, Level.UNKNOWN: Severity.WARNING, Level.EXCEPTION: Severity.WARNING}


def lines(report: Report, settings: Settings) -> Iterator[str]:
    """The lines of the report."""
    view = _View(settings)
    for scope in report.namespaces:
        yield from view.scope(scope)
        yield ""
    yield from view.mesh(report.reasons)
    yield from view.order(report)
    yield from view.hidden(report.not_visible)
    yield ""
    if has_reasons(report):
        yield f"R1 to R26: {CHECKS}"
    yield f"{view.verdict(report.verdict)}: {counted(report)}"


class _View:
    def __init__(self, settings: Settings) -> None:
        self._palette = Palette(settings.color)
        self._width = settings.width

    def verdict(self, verdict: Verdict) -> str:
        return self._palette.severity(_COLORS[verdict], verdict.value)

    def scope(self, scope: ScopeReport) -> Iterator[str]:
        name = self._palette.bold(visible(scope.namespace))
        yield f"namespace {name}: {self.verdict(scope.verdict)} (today {scope.mode})"
        yield from self.reasons(scope.reasons, "  ")
        names = Counter((workload.kind, workload.name) for workload in scope.workloads)
        unremarkable = 0
        for workload in scope.workloads:
            if workload.verdict is Verdict.READY and not workload.reasons:
                unremarkable += 1
                if unremarkable > _LISTED:
                    continue
            twin = names[workload.kind, workload.name] > 1
            yield from self._workload(workload, f" at {workload.location}" if twin else "")
            yield from self.reasons(own_reasons(workload, scope), "    ")
        if unremarkable > _LISTED:
            yield f"  and {unremarkable - _LISTED} more that are ready (`-f json` names them)"

    def _workload(self, workload: WorkloadReport, where: str) -> Iterator[str]:
        name = f"{workload.kind} {visible(workload.name)}{visible(where)}"
        yield from self._wrapped(f"{name}: {self.verdict(workload.verdict)} ({conditions(workload, '->')})", "  ")

    def mesh(self, reasons: Sequence[Reason]) -> Iterator[str]:
        """What is said of no single namespace."""
        if reasons:
            yield self._palette.bold("the whole mesh")
            yield from self.reasons(reasons, "  ")
            yield ""

    def reasons(self, reasons: Sequence[Reason], indent: str) -> Iterator[str]:
        for reason in reasons:
            level = self._palette.severity(_LEVELS.get(reason.level, Severity.INFO), reason.level.value)
            place = f"{visible(str(reason.location))}: " if reason.location else ""
            yield from self._wrapped(f"{place}{level} {reason.check} {visible(reason.message)}", indent)
            for related in reason.related:
                yield f"{indent}    {visible(str(related.location))}: {visible(related.message)}"
            if reason.help:
                yield from self._wrapped(f"{self._palette.help('help')}: {visible(reason.help)}", indent + "    ")

    def order(self, report: Report) -> Iterator[str]:
        if report.namespaces:
            yield self._palette.bold("order, callers first")
        for step in report.steps:
            yield from self._wrapped(f"{step.number}. {', '.join(map(visible, step.namespaces))}", "  ")
            for circle in step.circles:
                text = f"call each other, and so move together: {', '.join(map(visible, circle))}"
                yield from self._wrapped(text, "     ")
            yield from self._policies(step.policies)
        if report.mesh_policy:
            yield from self._wrapped(f"{len(report.steps) + 1}. {LAST_STEP}", "  ")
            yield from self._policies((report.mesh_policy,))
        if report.strict_already:
            yield from self._wrapped(f"STRICT already: {', '.join(map(visible, report.strict_already))}", "  ")
        if report.waiting:
            yield from self._wrapped(f"{WAITING}: {', '.join(map(visible, report.waiting))}", "  ")
        if report.outside:
            yield from self._wrapped(f"{OUTSIDE}: {', '.join(map(visible, report.outside))}", "  ")
        if report.namespaces:
            yield ""

    def _policies(self, policies: Sequence[Policy]) -> Iterator[str]:
        """The policies to write, to be copied as one file."""
        for number, policy in enumerate(policies):
            if policy.replaces:
                yield self._palette.faint(f"       # in place of the one at {visible(str(policy.replaces))}")
            for line in policy.yaml.splitlines():
                yield f"       {visible(line)}"
            if number < len(policies) - 1:
                yield "       ---"
        yield ""

    def hidden(self, sentences: Sequence[str]) -> Iterator[str]:
        yield self._palette.bold("not visible in these files")
        for sentence in sentences:
            yield from self._wrapped(f"- {visible(sentence)}", "  ")

    def _wrapped(self, text: str, indent: str) -> Iterator[str]:
        """A text in lines; those after the first stand further in, and are that much shorter."""
        room = max(20, self._width - len(indent))
        first, *more = wrap(text, room)
        yield f"{indent}{first}"
        if more:
            for line in wrap(" ".join(more), room - len(_HANGING)):
                yield f"{indent}{_HANGING}{line}"
