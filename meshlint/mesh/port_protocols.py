"""Do the Services of a workload agree on the protocol of its ports?

A proxy has one inbound listener for each port of its pod, made after one of the Services that lead
there (`pilot/pkg/networking/core/listener_inbound.go`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.protocols import Protocol, declared, selected
from meshlint.model.kubernetes.service import Service, ServicePort

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Route, Selecting
    from meshlint.mesh.workloads import Workload

_NEITHER = frozenset({Protocol.DETECTED, Protocol.UDP})
"""Neither requests nor TCP for sure: what the proxy detects, and what it never sees."""


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

    def has_tcp(self, workload: Workload) -> bool:
        """Whether some Service of a workload has a port for other than requests, by what it says or by its number."""
        services = self._with_tcp
        return bool(services) and not services.isdisjoint(self._mesh.services.of_workload(workload))

    @cached_property
    def _with_tcp(self) -> frozenset[Selecting]:
        """The Services with such a port: few, so that few workloads have to be looked at port by port."""
        return frozenset(
            service
            for service in self._mesh.all(Service)
            for port in service.ports
            if (protocol := selected(port)) not in _NEITHER and not protocol.is_http
        )

    def clashes(self, workload: Workload) -> Iterator[ProtocolClash]:
        """One clash for each port of a workload that may have a sidecar.

        Ports that say nothing are left out: the proxy detects what they carry. UDP is not the proxy's.
        """
        if not self.has_tcp(workload):
            return
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
