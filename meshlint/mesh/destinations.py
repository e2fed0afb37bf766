"""Where the destinations of a route lead: which service, port, subset and pods, under which policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.service_entry import ServiceEntry

if TYPE_CHECKING:
    from meshlint.mesh.destination_rules import Lookup
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.requests import Client
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource
    from meshlint.model.networking.common import Destination
    from meshlint.model.networking.traffic_policy import TrafficPolicy

_SHOWN = 3


class Target(msgspec.Struct, frozen=True, eq=False):
    """One destination, and what is known of it."""

    host: str
    """As istiod looks it up."""
    port: int | None
    subset: str | None
    share: float
    """Percent of the requests."""
    services: tuple[Resource, ...] = ()
    workloads: tuple[Workload, ...] = ()
    """The pods that take them, as far as the input shows them."""
    policy: TrafficPolicy | None = None
    """The policy of the DestinationRules in force."""
    problem: str = ""
    """Why its requests fail; empty where nothing is known to be wrong."""
    place: Place | None = None
    """What decides on it: the destination, or the service."""

    @property
    def text(self) -> str:
        """The target in words: share, host, port, subset, pods, or what is wrong."""
        port = f":{self.port}" if self.port else ""
        subset = f" subset `{self.subset}`" if self.subset else ""
        pods = [f"{item.kind} `{item.namespace}/{item.name}`" for item in self.workloads]
        more = f" and {len(pods) - _SHOWN} more" if len(pods) > _SHOWN else ""
        tail = f": {self.problem}" if self.problem else f" ({', '.join(pods[:_SHOWN])}{more})" if pods else ""
        return f"{self.share:g}% to {self.host}{port}{subset}{tail}"


def targets(
    mesh: Mesh,
    weighted: Sequence[tuple[Destination | None, int]],
    owner: Resource,
    client: Client,
    port: int | None,
    host: str | None = None,
) -> Sequence[Target]:
    """The targets of a route with their shares; those without a share get no requests and are left out.

    `owner` is the VirtualService, or the service whose default route this is (then `host` is its host
    and the destination is None). `port` is the port that the client speaks to, which a service with
    several ports goes on with.
    """
    alone = len(weighted) == 1
    total = sum(weight for _, weight in weighted)
    found = []
    for destination, weight in weighted:
        share = 100.0 if alone else 100 * weight / total if total else 0.0
        if share:
            found.append(_target(mesh, destination, round(share, 1), owner, client, port, host))
    return found


def _target(
    mesh: Mesh,
    destination: Destination | None,
    share: float,
    owner: Resource,
    client: Client,
    port: int | None,
    host: str | None,
) -> Target:
    written = host or (destination.host if destination else None) or ""
    fqdn = host or mesh.hosts.fqdn(written, mesh.namespace(owner))
    place = at(owner) if destination is None else at(owner, destination, "host")
    number = destination.port.number if destination and destination.port else None
    if number is None:
        number = _only_port(mesh.hosts.services(fqdn, client.namespace)) or port
    return target(mesh, fqdn, number, destination.subset if destination else None, share, client, place)


def target(
    mesh: Mesh, fqdn: str, port: int | None, subset: str | None, share: float, client: Client, place: Place
) -> Target:
    """What is known of a host, a port and a subset for a client."""
    services = tuple(mesh.hosts.services(fqdn, client.namespace))
    lookup = mesh.destination_rules.for_host(fqdn, client.namespace, client.labels)
    problem = _problem(mesh, fqdn, services, port, subset, lookup)
    pods = () if problem else _pods(mesh, services, subset, lookup)
    return Target(fqdn, port, subset, share, services, pods, lookup.policy(port, subset), problem, place)


def _only_port(services: Sequence[Resource]) -> int | None:
    ports = _ports(services[0]) if services else ()
    return ports[0] if len(ports) == 1 else None


def _ports(service: Resource) -> Sequence[int]:
    if isinstance(service, Service):
        return [port.port for port in service.ports if port.port]
    return [port.number for port in service.ports if port.number] if isinstance(service, ServiceEntry) else ()


def _problem(
    mesh: Mesh, fqdn: str, services: Sequence[Resource], port: int | None, subset: str | None, lookup: Lookup
) -> str:
    if not services:
        hidden = mesh.hosts.named(fqdn, "")
        return "the service is not exported to the client: 503" if hidden else "the input has no such service"
    ports = _ports(services[0])
    if port is not None and ports and port not in ports:
        return f"the service has no port {port}: 503"
    if subset and lookup.subset(subset) is None and lookup.rules:
        return "no DestinationRule in force for the client defines the subset: 503"
    if subset and not lookup.rules and lookup.answer is not Answer.UNKNOWN:
        return "no DestinationRule defines the subset: 503"
    return ""


def _pods(mesh: Mesh, services: Sequence[Resource], subset: str | None, lookup: Lookup) -> tuple[Workload, ...]:
    defined = lookup.subset(subset) if subset else None
    labels = (defined[1].labels or {}) if defined else {}
    picked = (
        pod for item in services if isinstance(item, Service | ServiceEntry) for pod in mesh.services.workloads(item)
    )
    return tuple(pod for pod in dict.fromkeys(picked) if labels.items() <= pod.labels.items())
