"""From what the checks find to the report."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from meshlint.findings import Place, Region, Spot
from meshlint.mesh.answers import Answer
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.service import Service
from meshlint.model.security.peer_authentication import PeerAuthentication
from meshlint.readiness import (
    gateways,
    metrics,
    networks,
    outside,
    paths,
    pods,
    policies,
    proxies,
    servers,
    surroundings,
)
from meshlint.readiness.assumed import with_injection
from meshlint.readiness.ground import Found, Ground, Subject, is_scope_wide, mode_text
from meshlint.readiness.hidden import not_visible
from meshlint.readiness.model import (
    VERDICTS,
    DataPlane,
    Level,
    Location,
    Port,
    Reason,
    Related,
    Report,
    ScopeReport,
    Verdict,
    WorkloadReport,
    worst,
)
from meshlint.readiness.plan import planned
from meshlint.results import spot_of

CHECKS: Sequence[Callable[[Ground], Iterator[Found]]] = (
    servers.check,
    paths.check,
    outside.check,
    pods.check,
    metrics.check,
    policies.check,
    surroundings.check,
    networks.check,
    gateways.check,
    proxies.check,
)
"""Every check: what it finds is about a workload, a namespace or the mesh."""

Locate = Callable[[Spot], tuple[str, Region]]
"""Path and region of a place."""

_ORDER = list(Level)


def judge(
    mesh: Mesh,
    locate: Locate,
    *,
    only: Sequence[str] = (),
    injected: Sequence[str] = (),
    unread: Sequence[str] = (),
) -> Report:
    """Judge a mesh.

    `only` are namespaces to report on, `injected` those (globs) that are taken for labelled although
    no file shows it, `unread` sentences about files that could not be read.
    """
    ground = Ground(with_injection(mesh, injected))
    found: dict[Subject, list[Found]] = {}
    for check in CHECKS:
        for item in check(ground):
            found.setdefault(item.subject, []).append(item)
    writer = _Writer(ground, locate, found)
    scopes = [writer.scope(name) for name in _namespaces(ground) if not only or name in only]
    reasons = writer.reasons(found.get("", ()))
    verdict = worst([*(scope.verdict for scope in scopes), _verdict(reasons)])
    plan = planned(ground, scopes, writer.location)
    return Report(
        version=1,
        target="STRICT",
        verdict=verdict,
        reasons=reasons,
        namespaces=tuple(scopes),
        steps=plan.steps,
        waiting=plan.waiting,
        strict_already=plan.strict_already,
        outside=plan.outside,
        mesh_policy=plan.mesh_policy,
        not_visible=tuple(not_visible(ground, injected, unread)),
    )


def _namespaces(ground: Ground) -> list[str]:
    """The namespaces that the files say something about: that have workloads, services or a policy of their own."""
    mesh = ground.today
    found = set(mesh.workloads.namespaces)
    for service in mesh.all(Service):
        found.update(mesh.homes(service))
    for policy in mesh.all(PeerAuthentication):
        if is_scope_wide(policy):
            found.update(mesh.homes(policy))
    root = mesh.settings.root_namespace
    return sorted(name for name in found if name != root or any(_shown(ground, name)))


def _shown(ground: Ground, namespace: str) -> Iterator[Workload]:
    for workload in ground.mesh.workloads.of(namespace):
        if ground.plane(workload) is not DataPlane.CONTROL_PLANE:
            yield workload


class _Writer:
    """Writes the parts of the report, places resolved."""

    def __init__(self, ground: Ground, locate: Locate, found: Mapping[Subject, Sequence[Found]]) -> None:
        self._ground = ground
        self._locate = locate
        self._found = found

    def scope(self, namespace: str) -> ScopeReport:
        workloads = [self._workload(item) for item in _shown(self._ground, namespace)]
        workloads.sort(key=lambda item: (item.name, item.kind, item.location.path, item.location.line))
        reasons = self.reasons((*self._found.get(namespace, ()), *_of_scope(namespace, bool(workloads), self._ground)))
        verdict = worst([_verdict(reasons), *(item.verdict for item in workloads)])
        mode = mode_text(self._ground.today.mtls.server.of_namespace(namespace))
        return ScopeReport(namespace, verdict, mode, reasons, tuple(workloads))

    def _workload(self, workload: Workload) -> WorkloadReport:
        reasons = self.reasons(self._found.get(workload, ()))
        return WorkloadReport(
            kind=workload.kind,
            name=workload.name,
            location=self.location(Place(workload.resource)),
            data_plane=self._ground.plane(workload),
            verdict=_verdict(reasons),
            ports=tuple(self._ports(workload)),
            reasons=reasons,
        )

    def _ports(self, workload: Workload) -> Iterator[Port]:
        plane = self._ground.plane(workload)
        if plane is DataPlane.GATEWAY:
            return
        for number, name in sorted(self._ground.ports[workload].items()):
            if self._ground.mesh.mtls.guards(workload, number) is Answer.NO:
                yield Port(number, name, "not enforced", "not enforced")
                continue
            after = self._ground.mesh.mtls.server.of_workload(workload, number)
            yield Port(number, name, mode_text(self._ground.mode_today(workload, number)), mode_text(after))

    def reasons(self, found: Iterable[Found]) -> tuple[Reason, ...]:
        reasons = [
            Reason(
                item.check,
                item.level,
                item.message,
                item.help,
                self.location(item.place) if item.place else None,
                tuple(Related(self.location(place), text) for place, text in item.related),
            )
            for item in found
        ]
        return tuple(sorted(reasons, key=_position))

    def location(self, place: Place) -> Location:
        path, region = self._locate(spot_of(place, self._ground.today.origin(place.resource)))
        return Location(path, region.line, region.column, region.end_line, region.end_column)


def _position(reason: Reason) -> tuple[object, ...]:
    where = reason.location
    place = (where.path, where.line, where.column) if where else ("", 0, 0)
    return _ORDER.index(reason.level), int(reason.check[1:]), place, reason.message


def _verdict(reasons: Sequence[Reason]) -> Verdict:
    return worst([VERDICTS[reason.level] for reason in reasons if reason.level in VERDICTS])


def _of_scope(namespace: str, has_workloads: bool, ground: Ground) -> Iterator[Found]:
    """What keeps a namespace as a whole from being judged."""
    if not has_workloads:
        yield Found(
            namespace, "R2", Level.UNKNOWN, "no workload of it is in these files", "add the files of its workloads"
        )
    elif namespace in ground.clouded:
        text = "templates, charts or builds that were not read may bring more workloads"
        yield Found(
            namespace, "R2", Level.UNKNOWN, text, "give the rendered manifests (`helm template`, `kustomize build`)"
        )
    elif not ground.mesh.workloads.readable(namespace):
        text = (
            "some resource there runs pods that these files do not show (an operator's, or one that could not be read)"
        )
        yield Found(namespace, "R2", Level.UNKNOWN, text)
