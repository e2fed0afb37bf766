"""The readiness report as Markdown, for a pull request or a wiki."""

from collections.abc import Iterator, Sequence

from meshlint.readiness.model import Policy, Reason, Report, ScopeReport
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
from meshlint.report.cells import visible


def lines(report: Report) -> Iterator[str]:
    """The lines of the report."""
    yield f"# Ready for {report.target} mTLS: {report.verdict.value}"
    yield ""
    yield f"{counted(report)}."
    yield ""
    yield "| Namespace | Verdict | Mode today | Workloads |"
    yield "| --- | --- | --- | --- |"
    for scope in report.namespaces:
        yield f"| {_text(scope.namespace)} | {scope.verdict.value} | {scope.mode} | {len(scope.workloads)} |"
    yield ""
    if report.reasons:
        yield "## The whole mesh"
        yield ""
        yield from _reasons(report.reasons, "")
        yield ""
    for scope in report.namespaces:
        yield from _scope(scope)
    yield from _order(report)
    yield "## Not visible in these files"
    yield ""
    for sentence in report.not_visible:
        yield f"- {_text(sentence)}"
    if has_reasons(report):
        yield ""
        yield f"What R1 to R26 mean: <{CHECKS}>"


def _scope(scope: ScopeReport) -> Iterator[str]:
    yield f"## {_text(scope.namespace)}: {scope.verdict.value}"
    yield ""
    yield from _reasons(scope.reasons, "")
    if scope.reasons:
        yield ""
    for workload in scope.workloads:
        told = conditions(workload, "→")
        yield f"- **{workload.kind} {_text(workload.name)}**: {workload.verdict.value} ({told})"
        yield from _reasons(own_reasons(workload, scope), "  ")
    yield ""


def _reasons(reasons: Sequence[Reason], indent: str) -> Iterator[str]:
    for reason in reasons:
        place = f" `{_code(str(reason.location))}`" if reason.location else ""
        advice = f" *{_text(reason.help)}*" if reason.help else ""
        yield f"{indent}- {reason.level.value} {reason.check}{place}: {_text(reason.message)}.{advice}"
        for related in reason.related:
            yield f"{indent}  - `{_code(str(related.location))}`: {_text(related.message)}"


def _order(report: Report) -> Iterator[str]:
    if not report.namespaces:
        return
    yield "## Order"
    yield ""
    for step in report.steps:
        yield f"{step.number}. {', '.join(map(_text, step.namespaces))}"
        for circle in step.circles:
            yield f"   - call each other, and so move together: {', '.join(map(_text, circle))}"
        for policy in step.policies:
            yield from _policy(policy)
    if report.mesh_policy:
        yield f"{len(report.steps) + 1}. {LAST_STEP}"
        yield from _policy(report.mesh_policy)
    if report.strict_already:
        yield f"- STRICT already: {', '.join(map(_text, report.strict_already))}"
    if report.waiting:
        yield f"- {WAITING}: {', '.join(map(_text, report.waiting))}"
    if report.outside:
        yield f"- {OUTSIDE}: {', '.join(map(_text, report.outside))}"
    yield ""


def _policy(policy: Policy) -> Iterator[str]:
    yield ""
    if policy.replaces:
        yield f"   In place of the one at `{_code(str(policy.replaces))}`:"
        yield ""
    yield "   ```yaml"
    for line in policy.yaml.splitlines():
        yield f"   {visible(line)}"
    yield "   ```"
    yield ""


def _text(text: str) -> str:
    """Text of a file that is no Markdown outside of its own backticks."""
    parts = visible(text).split("`")
    return "`".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    return "".join(f"\\{character}" if character in "*_|<[\\" else character for character in text)


def _code(text: str) -> str:
    return visible(text).replace("`", "'")
