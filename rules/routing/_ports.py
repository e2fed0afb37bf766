"""The ports of what a host names: of a Service, or of a ServiceEntry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.api import Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshlint.api import Resource
    from meshlint.mesh.protocols import Protocol
    from meshlint.model.kubernetes.service import ServicePort
    from meshlint.model.networking.service_entry import ServicePort as EntryPort


def port_numbers(service: Resource) -> Sequence[int]:
    """The numbers of the ports; none where they are not known."""
    if isinstance(service, Service):
        return () if service.is_external_name else [port.port for port in service.ports if port.port]
    from meshlint.api import ServiceEntry

    return [port.number for port in service.ports if port.number] if isinstance(service, ServiceEntry) else ()


def port_protocols(service: Resource) -> Iterator[tuple[int, Protocol, ServicePort | EntryPort]]:
    """Each port that has a number: that, what istiod takes the port for, and the port itself."""
    from meshlint.mesh.protocols import parse, selected

    if isinstance(service, Service):
        yield from ((port.port, selected(port), port) for port in service.ports if port.port)
        return
    from meshlint.api import ServiceEntry

    if isinstance(service, ServiceEntry):
        yield from ((port.number, parse(port.protocol), port) for port in service.ports if port.number)
