"""Judges a mesh of YAML text, for tests of the report."""

from building import build

from meshlint.findings import Region
from meshlint.readiness.judge import judge
from meshlint.readiness.model import Report, WorkloadReport


def judged(text: str, only: tuple[str, ...] = (), injected: tuple[str, ...] = (), **context) -> Report:
    """The report on a mesh; every place is the first character of its resource's file."""
    mesh = build(text, **context)
    return judge(mesh, lambda spot: (f"{spot.document}", Region(1, 1, 1, 1)), only=only, injected=injected)


def workload(report: Report, name: str) -> WorkloadReport:
    """What the report says of a workload."""
    return next(item for scope in report.namespaces for item in scope.workloads if item.name == name)


def codes(report: Report, name: str) -> set[tuple[str, str]]:
    """The reasons of a workload, or (by the name of a namespace, or `""` for the mesh) of a scope."""
    scopes = {scope.namespace: scope.reasons for scope in report.namespaces} | {"": report.reasons}
    reasons = scopes[name] if name in scopes else workload(report, name).reasons
    return {(reason.check, reason.level.value) for reason in reasons}
