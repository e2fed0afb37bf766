"""The readiness report for people at a terminal, and (without colours) in a log."""

from collections.abc import Iterator, Sequence

from meshlint.findings import Severity
from meshlint.readiness.model import Level, Policy, Reason, Report, ScopeReport, Verdict, WorkloadReport
from meshlint.report.cells import visible, wrap
from meshlint.report.model import Settings
from meshlint.report.terminal import Palette

_COLORS = {
    Verdict.NOT_READY: Severity.ERROR,
    Verdict.UNKNOWN: Severity.WARNING,
    Verdict.EXCEPTIONS: Severity.WARNING,
    Verdict.READY: Severity.INFO,
}
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
    yield f"{view.verdict(report.verdict)}: {counted(report)}"


def counted(report: Report) -> str:
    """How many namespaces and workloads have which verdict."""
    workloads = [workload.verdict for scope in report.namespaces for workload in scope.workloads]
    counts = [f"{workloads.count(verdict)} {verdict.value}" for verdict in Verdict if verdict in workloads]
    spaces, total = len(report.namespaces), len(workloads)
    text = f"{spaces} namespace{'' if spaces == 1 else 's'}, {total} workload{'' if total == 1 else 's'}"
    return f"{text} ({', '.join(counts)})" if counts else text


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
        for workload in scope.workloads:
            yield from self._workload(workload)

    def _workload(self, workload: WorkloadReport) -> Iterator[str]:
        name = f"{workload.kind} {visible(workload.name)}"
        ports = ", ".join(f"{port.number} {port.today} -> {port.after}" for port in workload.ports)
        tail = self._palette.faint(f" ({workload.data_plane.value}{': ' + ports if ports else ''})")
        yield f"  {name}: {self.verdict(workload.verdict)}{tail}"
        yield from self.reasons(workload.reasons, "    ")

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
            yield self._palette.bold("order")
        for step in report.steps:
            yield f"  {step.number}. {', '.join(map(visible, step.namespaces))}"
            for circle in step.circles:
                yield f"     call each other, and so move together: {', '.join(map(visible, circle))}"
            for policy in step.policies:
                yield from self._policy(policy)
        if report.mesh_policy:
            yield f"  {len(report.steps) + 1}. the whole mesh; policies of namespaces that say the same can go then"
            yield from self._policy(report.mesh_policy)
        if report.strict_already:
            yield f"  STRICT already: {', '.join(map(visible, report.strict_already))}"
        if report.waiting:
            yield f"  not yet: {', '.join(map(visible, report.waiting))}"
        if report.outside:
            yield f"  not concerned (no proxies, or gateways alone): {', '.join(map(visible, report.outside))}"
        if report.namespaces:
            yield ""

    def _policy(self, policy: Policy) -> Iterator[str]:
        if policy.replaces:
            yield self._palette.faint(f"     in place of the one at {visible(str(policy.replaces))}:")
        for line in policy.yaml.splitlines():
            yield f"       {visible(line)}"
        yield ""

    def hidden(self, sentences: Sequence[str]) -> Iterator[str]:
        yield self._palette.bold("not visible in these files")
        for sentence in sentences:
            yield from self._wrapped(f"- {visible(sentence)}", "  ")

    def _wrapped(self, text: str, indent: str) -> Iterator[str]:
        for number, line in enumerate(wrap(text, max(20, self._width - len(indent)))):
            yield f"{indent}{'    ' if number else ''}{line}"
