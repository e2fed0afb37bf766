"""What the views of the report say alike."""

from collections.abc import Sequence

from meshlint.readiness.model import DataPlane, Level, Port, Reason, Report, ScopeReport, Verdict, WorkloadReport

_PLANES = {DataPlane.NONE: "no proxy", DataPlane.UNKNOWN: "maybe no proxy"}
_UNIFORM = "R2"

LAST_STEP = "the whole mesh; the policies of single namespaces that say STRICT can go then"
WAITING = "not yet (not ready, or unknown)"
OUTSIDE = "not concerned (no proxies, or gateways alone)"
CHECKS = "https://meshlint.dev/readiness/#the-checks"
"""The page that explains R1 to R26."""


def counted(report: Report) -> str:
    """How many namespaces and workloads have which verdict."""
    workloads = [workload.verdict for scope in report.namespaces for workload in scope.workloads]
    counts = [f"{workloads.count(verdict)} {verdict.value}" for verdict in Verdict if verdict in workloads]
    spaces, total = len(report.namespaces), len(workloads)
    text = f"{spaces} namespace{'' if spaces == 1 else 's'}, {total} workload{'' if total == 1 else 's'}"
    return f"{text} ({', '.join(counts)})" if counts else text


def has_reasons(report: Report) -> bool:
    """Whether the report names any check."""
    scopes = report.namespaces
    return bool(report.reasons) or any(
        scope.reasons or any(item.reasons for item in scope.workloads) for scope in scopes
    )


def conditions(workload: WorkloadReport, arrow: str) -> str:
    """The data plane of a workload, and the modes of its ports: `sidecar: 8080, 9090 PERMISSIVE -> STRICT`."""
    plane = _PLANES.get(workload.data_plane, workload.data_plane.value)
    ports = _ports(workload.ports, arrow)
    return f"{plane}: {ports}" if ports else plane


def own_reasons(workload: WorkloadReport, scope: ScopeReport) -> Sequence[Reason]:
    """The reasons of a workload, without the one that its namespace has for all: that nothing says who gets a sidecar."""
    if not any(map(_is_unlabelled, scope.reasons)):
        return workload.reasons
    return [reason for reason in workload.reasons if not _is_unlabelled(reason)]


def _is_unlabelled(reason: Reason) -> bool:
    return reason.check == _UNIFORM and reason.level is Level.UNKNOWN


def _ports(ports: Sequence[Port], arrow: str) -> str:
    """The ports by what becomes of them; one mode where nothing changes."""
    groups: dict[str, list[str]] = {}
    for port in ports:
        modes = port.after if port.today == port.after else f"{port.today} {arrow} {port.after}"
        groups.setdefault(modes, []).append(str(port.number))
    return "; ".join(f"{', '.join(numbers)} {modes}" for modes, numbers in groups.items())
