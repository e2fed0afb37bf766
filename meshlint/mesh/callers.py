"""Who calls whom, as far as files show it?

Each call has its evidence: the setting of a container that names a Service, or the route that leads
such a call, or a request from a gateway, on to another one. What no file says (addresses learnt at run
time, names put together by programs) is no call here, so that silence of this graph proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.gateway_names import MESH
from meshlint.mesh.mentions import Mention, mentions
from meshlint.model.kubernetes.config import ConfigMap
from meshlint.model.kubernetes.service import Service, ServicePort
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.networking.virtual_service import VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Selecting
    from meshlint.mesh.workloads import Workload
    from meshlint.model.kubernetes.pod import Container


class Evidence(str, Enum):
    """What shows a call."""

    SETTING = "setting"
    """An environment variable or an argument of a container."""
    CONFIG = "config"
    """A ConfigMap that this workload alone is given."""
    SHARED_CONFIG = "shared config"
    """A ConfigMap that several workloads are given, so that any of them may be the one that calls."""
    ROUTE = "route"
    """A VirtualService that leads a call of a mesh workload to another service."""
    GATEWAY = "gateway"
    """A VirtualService that leads requests from a gateway to a service."""


class Call(msgspec.Struct, frozen=True, eq=False):
    """A workload calls a service."""

    client: Workload
    service: Selecting
    port: int | None
    """The port as the evidence names it, which the service need not declare; None where it names none."""
    place: Place
    """The evidence."""
    text: str
    """What is written there, to quote it."""
    evidence: Evidence

    @property
    def ports(self) -> Sequence[int]:
        """The ports of the service that may be called: the one that is named, or each that it declares."""
        if self.port is not None:
            return (self.port,)
        numbers = (port.port if isinstance(port, ServicePort) else port.number for port in self.service.ports)
        return [number for number in numbers if number is not None]


class Callers:
    """The calls of the mesh."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._read: dict[ConfigMap, list[tuple[Place, Mention]]] = {}

    @cached_property
    def all(self) -> Sequence[Call]:
        """Every call, each pair of client and service port once."""
        found: dict[tuple[Workload, Selecting, int | None], Call] = {}
        for workload in self._mesh.workloads.all:
            for call in self._of_workload(workload):
                found.setdefault((call.client, call.service, call.port), call)
        for call in (*self._routed(tuple(found.values())), *self._through_gateways()):
            found.setdefault((call.client, call.service, call.port), call)
        return tuple(found.values())

    def of_service(self, service: Selecting) -> Sequence[Call]:
        """The calls of a service."""
        return self._by_service.get(service, ())

    def of_client(self, workload: Workload) -> Sequence[Call]:
        """The calls that a workload makes."""
        return self._by_client.get(workload, ())

    def named(self, host: str, namespace: str) -> Sequence[Selecting]:
        """The services that a client of a namespace reaches under a name, as DNS has it: `a`, `a.b`, `a.b.svc` too."""
        parts = host.split(".")
        if len(parts) == 1:
            found: Sequence[Any] = self._mesh.find("Service", namespace, host)
        elif len(parts) == 2 or parts[2] == "svc":
            found = self._mesh.find("Service", parts[1], parts[0])
        else:
            found = ()
        services = [item for item in found if isinstance(item, Service)]
        if services or len(parts) == 1:
            return services
        return [item for item in self._mesh.hosts.services(host, namespace) if isinstance(item, ServiceEntry)]

    def _of_workload(self, workload: Workload) -> Iterator[Call]:
        own = set(self._mesh.services.of_workload(workload))
        for place, mention, evidence in self._mentioned(workload):
            for service in self.named(mention.host, workload.namespace):
                if service not in own:
                    yield Call(workload, service, mention.port, place, mention.text, evidence)

    def _mentioned(self, workload: Workload) -> Iterator[tuple[Place, Mention, Evidence]]:
        for container in workload.pod.all_containers():
            for place, mention in in_container(workload, container):
                yield place, mention, Evidence.SETTING
        for config in self._configs.get(workload, ()):
            evidence = Evidence.CONFIG if self._readers[config] == 1 else Evidence.SHARED_CONFIG
            for place, mention in self._in_config(config):
                yield place, mention, evidence

    @cached_property
    def _configs(self) -> Mapping[Workload, Sequence[ConfigMap]]:
        """The ConfigMaps that each workload is given, as variables or as files."""
        found: dict[Workload, Sequence[ConfigMap]] = {}
        for workload in self._mesh.workloads.all:
            read: dict[ConfigMap, None] = {}
            for container in workload.pod.all_containers():
                read.update(dict.fromkeys(self._configured(container, workload.namespace)))
            for volume in workload.pod.volumes or ():
                if volume.config_map and volume.config_map.name:
                    read.update(dict.fromkeys(self._config_maps(workload.namespace, volume.config_map.name)))
            if read:
                found[workload] = tuple(read)
        return found

    @cached_property
    def _readers(self) -> Mapping[ConfigMap, int]:
        return Counter(config for configs in self._configs.values() for config in configs)

    def _configured(self, container: Container, namespace: str) -> Iterator[ConfigMap]:
        """The ConfigMaps that a container takes variables from."""
        for source in container.env_from or ():
            if source.config_map_ref and source.config_map_ref.name:
                yield from self._config_maps(namespace, source.config_map_ref.name)
        for variable in container.env or ():
            taken = variable.value_from.get("configMapKeyRef") if isinstance(variable.value_from, dict) else None
            if isinstance(taken, dict) and isinstance(taken.get("name"), str):
                yield from self._config_maps(namespace, taken["name"])

    def _config_maps(self, namespace: str, name: str) -> Iterator[ConfigMap]:
        return (item for item in self._mesh.find("ConfigMap", namespace, name) if isinstance(item, ConfigMap))

    def _in_config(self, config: ConfigMap) -> Sequence[tuple[Place, Mention]]:
        if config not in self._read:
            self._read[config] = [
                (at(config, None, "data", key), mention)
                for key, text in (config.data or {}).items()
                for mention in mentions(_without_comments(text), key)
            ]
        return self._read[config]

    def _routed(self, calls: Sequence[Call]) -> Iterator[Call]:
        """The calls that routes make of those to the hosts they are about."""
        for call in calls:
            if not isinstance(call.service, Service) or self._mesh.injection.sidecar(call.client) is Answer.NO:
                continue
            for route in self._routes.get(call.service, ()):
                if self._mesh.visibility.visible(route, call.client.namespace):
                    yield from self._led_on(route, call.client, call.port, Evidence.ROUTE)

    def _through_gateways(self) -> Iterator[Call]:
        for route in self._mesh.all(VirtualService):
            for gateway in self._mesh.gateways.of(route):
                for workload in self._mesh.selectors.picked(None, gateway.selector) if gateway.selector else ():
                    yield from self._led_on(route, workload, None, Evidence.GATEWAY)

    def _led_on(self, route: VirtualService, client: Workload, port: int | None, evidence: Evidence) -> Iterator[Call]:
        for destination in route.destinations():
            host = destination.host or ""
            number = destination.port.number if destination.port else port
            for service in self._mesh.hosts.services(host, self._mesh.namespace(route)):
                if isinstance(service, Service | ServiceEntry):
                    yield Call(client, service, number, at(route, destination, "host"), host, evidence)

    @cached_property
    def _routes(self) -> Mapping[Selecting, list[VirtualService]]:
        """The VirtualServices of sidecars, by the services that their hosts name."""
        index: dict[Selecting, list[VirtualService]] = {}
        for route in self._mesh.all(VirtualService):
            if route.spec is None or MESH not in (route.spec.gateways or (MESH,)):
                continue
            for host in route.spec.hosts or ():
                for service in self._mesh.hosts.named(host, self._mesh.namespace(route)):
                    if isinstance(service, Service):
                        index.setdefault(service, []).append(route)
        return index

    @cached_property
    def _by_service(self) -> Mapping[Selecting, list[Call]]:
        index: dict[Selecting, list[Call]] = {}
        for call in self.all:
            index.setdefault(call.service, []).append(call)
        return index

    @cached_property
    def _by_client(self) -> Mapping[Workload, list[Call]]:
        index: dict[Workload, list[Call]] = {}
        for call in self.all:
            index.setdefault(call.client, []).append(call)
        return index


def in_container(workload: Workload, container: Container) -> Iterator[tuple[Place, Mention]]:
    """The hosts that the variables and arguments of a container call, each with its place."""
    for variable in container.env or ():
        for mention in mentions(variable.value or "", variable.name or ""):
            yield placed(workload, variable, "value"), mention
    for field in ("command", "args"):
        for index, text in enumerate(getattr(container, field) or ()):
            for mention in mentions(text):
                yield placed(workload, container, field, index), mention


def placed(workload: Workload, message: Any, *path: str | int) -> Place:
    """A place inside the pods of a workload; the workload itself where another resource holds their template."""
    own = getattr(workload.resource, "pod_template", None) is not None
    return at(workload.resource, message, *path) if own else at(workload.resource)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(("#", "//", ";")))
