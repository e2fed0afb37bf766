"""What all checks look at: the mesh as it is, and as it will be when every scope is STRICT.

The mesh to come has one STRICT PeerAuthentication for the whole mesh in place of those for the mesh
and for namespaces; those for single workloads stay, as they are what a migration leaves standing.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from meshlint.findings import Place
from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Entry, Origin
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.mtls import Wire, takes
from meshlint.mesh.partial import PartialInput
from meshlint.mesh.server_mtls import Mode, ServerMode
from meshlint.mesh.workloads import Workload
from meshlint.model.base import ObjectMeta
from meshlint.model.security.peer_authentication import MutualTLS, PeerAuthentication, PeerAuthenticationSpec
from meshlint.readiness.model import DataPlane, Level

Subject = Workload | str
"""What a finding is about: a workload, a namespace, or (`""`) the mesh."""


class Found(msgspec.Struct, frozen=True, eq=False):
    """What a check finds."""

    subject: Subject
    check: str
    level: Level
    message: str
    help: str | None = None
    place: Place | None = None
    related: tuple[tuple[Place, str], ...] = ()


class Ground:
    """The two meshes, and questions that several checks ask."""

    def __init__(self, today: Mesh) -> None:
        self.today = today
        self.mesh = Mesh(_strict(today), today.context)
        """The mesh to come. Its workloads are other objects than those of `today`."""
        self._planes: dict[Workload, DataPlane] = {}

    @property
    def servers(self) -> Iterator[Workload]:
        """The workloads that STRICT may be about: all but the control plane."""
        return (item for item in self.mesh.workloads.all if self.plane(item) is not DataPlane.CONTROL_PLANE)

    def plane(self, workload: Workload) -> DataPlane:
        """What takes part in mTLS for a workload."""
        if workload not in self._planes:
            self._planes[workload] = self._plane(workload)
        return self._planes[workload]

    def takes(self, workload: Workload, port: int, wire: Wire) -> Answer:
        """Whether a port will take what a client sends; of a workload that may have a proxy, as if it had one."""
        mtls = self.mesh.mtls
        if mtls.guards(workload, port) is not Answer.UNKNOWN:
            return mtls.accepts(workload, port, wire)
        if not workload.is_machine and self.mesh.injection.sidecar(workload) is Answer.NO:
            return Answer.UNKNOWN  # only ambient mode could guard it, and what clients send then is another question
        mode = mtls.server.of_workload(workload, port)
        answers = {takes(possible, wire) for possible in mode.possible}
        return Answer.NO if answers == {Answer.NO} and not mode.is_clouded else Answer.UNKNOWN

    def mode_today(self, workload: Workload, port: int | None) -> ServerMode | None:
        """The mode in force today; None where the workload cannot be told apart."""
        for twin in self.today.workloads.of_resource(workload.resource):
            if twin.namespace == workload.namespace:
                return self.today.mtls.server.of_workload(twin, port)
        return None

    @cached_property
    def clouded(self) -> frozenset[str]:
        """The namespaces that may hold more than was read: templates, charts, incomplete builds."""
        return PartialInput(self.mesh).namespaces

    @cached_property
    def ports(self) -> dict[Workload, dict[int, str | None]]:
        """The ports of each workload: those its containers list and those that services lead to, with their names."""
        found: dict[Workload, dict[int, str | None]] = {}
        for workload in self.mesh.workloads.all:
            ports = found[workload] = {
                item.container_port: item.name
                for item in workload.ports
                if item.container_port and (item.protocol or "TCP") == "TCP"
            }
            for route in self.mesh.services.routes(workload):
                ports.setdefault(route.target, None)
        return found

    def _plane(self, workload: Workload) -> DataPlane:
        injection = self.mesh.injection
        if injection.control_plane(workload):
            return DataPlane.CONTROL_PLANE
        if workload.is_machine:
            return DataPlane.MACHINE
        for answer, plane in (
            (injection.gateway(workload), DataPlane.GATEWAY),
            (injection.ambient(workload), DataPlane.AMBIENT),
            (injection.sidecar(workload), DataPlane.SIDECAR),
        ):
            if answer is Answer.YES:
                return plane
        return DataPlane.NONE if injection.in_mesh(workload) is Answer.NO else DataPlane.UNKNOWN


def mode_text(mode: ServerMode | None) -> str:
    """A mode in a word; several, where the files leave them."""
    if mode is None or mode.is_clouded:
        return "unknown"
    return " or ".join(f"{item.value}{'' if policies else ' (default)'}" for item, policies in mode.possible.items())


def is_scope_wide(policy: PeerAuthentication) -> bool:
    """Whether a policy is about a whole namespace, or the mesh: no selector, or an empty one."""
    return not (policy.spec and policy.spec.selector and policy.spec.selector.wanted)


def _strict(mesh: Mesh) -> Iterator[Entry]:
    for entry in mesh.entries:
        if not isinstance(entry.resource, PeerAuthentication) or not is_scope_wide(entry.resource):
            yield entry
    metadata: Any = ObjectMeta(name="default", namespace=mesh.settings.root_namespace)
    spec = PeerAuthenticationSpec(mtls=MutualTLS(mode=Mode.STRICT.value))
    policy = PeerAuthentication("security.istio.io/v1", "PeerAuthentication", metadata, spec)
    yield Entry(policy, Origin(-1, 0, ""))
