"""Do the Services of a workload agree on the protocol of its ports?

A proxy has one inbound listener for each port of its pod, made after one of the Services that lead
there (`pilot/pkg/networking/core/listener_inbound.go`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.protocols import Protocol, declared
from meshlint.model.kubernetes.service import Service, ServicePort

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Route
    from meshlint.mesh.workloads import Workload


class Declared(msgspec.Struct, frozen=True, eq=False):
    """A Service port, and the port of the pods it leads to."""

    service: Service
    port: ServicePort
    target: int


class ProtocolClash(msgspec.Struct, frozen=True, eq=False):
    """Two Service ports that lead to one port of the pods, and say that it is different things."""

    one: Declared
    protocol: Protocol
    other: Declared
    other_protocol: Protocol

    @property
    def same_number(self) -> bool:
        """Whether the Service ports have the same number."""
        return self.one.port.port == self.other.port.port


class PortProtocols:
    """Protocols by port of the pods."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def clashes(self, workload: Workload) -> Iterator[ProtocolClash]:
        """One clash for each port of a workload that may have a sidecar.

        Ports that say nothing are left out: the proxy detects what they carry. UDP is not the proxy's.
        """
        routes = self._mesh.services.routes(workload)
        if len({route.target for route in routes}) == len(routes):
            return
        if self._mesh.injection.sidecar(workload) is Answer.NO or self._mesh.injection.gateway(workload) is Answer.YES:
            return
        first: dict[int, tuple[Declared, Protocol]] = {}
        done: set[int] = set()
        for route in routes:
            found = _declared(route)
            if found is None or route.target in done:
                continue
            one, protocol = first.setdefault(route.target, found)
            if protocol.is_http is not found[1].is_http and self._mesh.trust.may_conflict(
                one.service, found[0].service
            ):
                done.add(route.target)
                yield ProtocolClash(one, protocol, *found)


def _declared(route: Route) -> tuple[Declared, Protocol] | None:
    if not isinstance(route.service, Service) or not isinstance(route.port, ServicePort):
        return None
    protocol = declared(route.port)
    if protocol is None or protocol is Protocol.UDP:
        return None
    return Declared(route.service, route.port, route.target), protocol
