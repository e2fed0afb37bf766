"""The readiness report as a plain value: what views draw, tools read, and a later version compares."""

from enum import Enum

import msgspec


class Verdict(str, Enum):
    """What may be said of a workload, a namespace, the mesh. Worst first."""

    NOT_READY = "not ready"
    """Under STRICT something breaks that works in PERMISSIVE, or it is broken today."""
    UNKNOWN = "unknown"
    """The files do not show enough."""
    EXCEPTIONS = "ready with exceptions"
    """Nothing breaks that the files show, but some port goes on taking plain text."""
    READY = "ready"
    """Nothing breaks that the files show."""


class Level(str, Enum):
    """How much a reason weighs."""

    BLOCKER = "blocker"
    UNKNOWN = "unknown"
    EXCEPTION = "exception"
    WARNING = "warning"
    """Worth a look before the change; it does not change the verdict."""
    NOTE = "note"


VERDICTS = {
    Level.BLOCKER: Verdict.NOT_READY,
    Level.UNKNOWN: Verdict.UNKNOWN,
    Level.EXCEPTION: Verdict.EXCEPTIONS,
}
"""The verdict that a reason leads to; the other levels lead to none."""


class Location(msgspec.Struct, frozen=True, rename="camel"):
    """A stretch of a file, 1-based, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Related(msgspec.Struct, frozen=True, rename="camel"):
    """Another end of a reason."""

    location: Location
    message: str


class Reason(msgspec.Struct, frozen=True, rename="camel"):
    """Why a verdict is what it is. `check` is the code of the check in docs/readiness.md (`R3`)."""

    check: str
    level: Level
    message: str
    help: str | None = None
    location: Location | None = None
    related: tuple[Related, ...] = ()


class Port(msgspec.Struct, frozen=True, rename="camel"):
    """A port of a workload (the container's), with its mode today and after the change.

    A mode is STRICT, PERMISSIVE or DISABLE, `PERMISSIVE (default)` where no policy says it, several
    joined by `or` where the files do not tell, `unknown` where a policy could not be read, and
    `not enforced` where no proxy sees the port.
    """

    number: int
    name: str | None
    today: str
    after: str


class DataPlane(str, Enum):
    """What takes part in mTLS for a workload."""

    SIDECAR = "sidecar"
    AMBIENT = "ambient"
    GATEWAY = "gateway"
    MACHINE = "virtual machine"
    CONTROL_PLANE = "control plane"
    NONE = "none"
    UNKNOWN = "unknown"


class WorkloadReport(msgspec.Struct, frozen=True, rename="camel"):
    """A workload."""

    kind: str
    name: str
    location: Location
    data_plane: DataPlane
    verdict: Verdict
    ports: tuple[Port, ...]
    reasons: tuple[Reason, ...]


class ScopeReport(msgspec.Struct, frozen=True, rename="camel"):
    """A namespace; `mode` is that of a workload without a policy of its own."""

    namespace: str
    verdict: Verdict
    mode: str
    reasons: tuple[Reason, ...]
    workloads: tuple[WorkloadReport, ...]


class Policy(msgspec.Struct, frozen=True, rename="camel"):
    """A PeerAuthentication to write. `replaces` is the one that it stands for, if there is one."""

    namespace: str
    yaml: str
    replaces: Location | None = None


class Step(msgspec.Struct, frozen=True, rename="camel"):
    """Namespaces that can move at the same time. `circles` are those of them that call each other."""

    number: int
    namespaces: tuple[str, ...]
    policies: tuple[Policy, ...]
    circles: tuple[tuple[str, ...], ...] = ()


class Report(msgspec.Struct, frozen=True, rename="camel"):
    """The whole report. `not_visible` are sentences: what these files cannot show."""

    version: int
    target: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    namespaces: tuple[ScopeReport, ...]
    steps: tuple[Step, ...]
    waiting: tuple[str, ...]
    """Namespaces that no step moves yet: not ready, or unknown."""
    strict_already: tuple[str, ...]
    outside: tuple[str, ...]
    """Namespaces of workloads without a proxy, or of gateways alone: STRICT would change nothing there."""
    mesh_policy: Policy | None
    """The policy for the whole mesh, where every namespace can move."""
    not_visible: tuple[str, ...]


def worst(verdicts: "list[Verdict]") -> Verdict:
    """The worst of several verdicts."""
    found = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in found), Verdict.READY)
