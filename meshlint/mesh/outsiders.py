"""Who calls workloads from outside of the mesh, as far as files show it?

The API server calls webhooks and aggregated APIs; the controller of an Ingress that is not Istio's
calls its backends; clients outside of the cluster come in through a LoadBalancer or a node's port;
Prometheus scrapes. None of them speaks mesh mTLS, unless its own pods have a sidecar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.client_mtls import Wire
from meshlint.model.base import UNCONVERTIBLE, Resource
from meshlint.model.kubernetes.admission import (
    MutatingWebhookConfiguration,
    ServiceReference,
    ValidatingWebhookConfiguration,
)
from meshlint.model.kubernetes.extension import APIService, CustomResourceDefinition
from meshlint.model.kubernetes.ingress import Ingress, IngressBackend, IngressClass
from meshlint.model.kubernetes.service import Service

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload

_INGRESS_CLASS = "kubernetes.io/ingress.class"
_ISTIO_CONTROLLER = "istio.io/ingress-controller"
_HTTPS = 443


class Outsider(str, Enum):
    """Who calls."""

    API_SERVER = "the API server"
    INGRESS = "an ingress controller"
    LOAD_BALANCER = "clients outside of the cluster"
    NODE_PORT = "clients of the nodes' ports"


class OutsideCall(msgspec.Struct, frozen=True, eq=False):
    """Something that is no workload of the mesh calls a port of a Service."""

    outsider: Outsider
    who: str
    """In words: "the ingress controller of class `nginx`"."""
    service: Service
    port: int
    wire: Wire
    """What it sends, where it has no sidecar."""
    place: Place
    """What shows the call."""
    in_mesh: Answer = Answer.NO
    """Whether its own pods speak mTLS: known only where the files hold them."""
    workload: Workload | None = None
    """Its own pods, if the files hold them."""


class Outsiders:
    """The calls from outside of the mesh."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    @cached_property
    def all(self) -> Sequence[OutsideCall]:
        """Every call."""
        return (*self._of_api_server(), *self._of_ingresses(), *self._of_exposed_services())

    def of_service(self, service: Service) -> Sequence[OutsideCall]:
        """The calls of a service."""
        return self._by_service.get(service, ())

    def shown_by(self, resource: Resource) -> Sequence[OutsideCall]:
        """The calls that a resource shows."""
        return self._by_resource.get(resource, ())

    def _of_api_server(self) -> Iterator[OutsideCall]:
        for place, reference in (*self._references(), *self._conversions()):
            if reference.namespace and reference.name:
                for service in self._services(reference.namespace, reference.name):
                    who = f"the API server (for {place.resource.kind} `{place.resource.name}`)"
                    port = reference.port or _HTTPS
                    yield OutsideCall(Outsider.API_SERVER, who, service, port, Wire.OWN_TLS, place)

    def _references(self) -> Iterator[tuple[Place, ServiceReference]]:
        configurations: list[ValidatingWebhookConfiguration | MutatingWebhookConfiguration] = [
            *self._mesh.all(ValidatingWebhookConfiguration),
            *self._mesh.all(MutatingWebhookConfiguration),
        ]
        for configuration in configurations:
            for webhook in configuration.webhooks or ():
                if webhook.client_config and webhook.client_config.service:
                    yield at(configuration, webhook.client_config.service, "name"), webhook.client_config.service
        for api in self._mesh.all(APIService):
            if api.spec and api.spec.service:
                yield at(api, api.spec.service, "name"), api.spec.service

    def _conversions(self) -> Iterator[tuple[Place, ServiceReference]]:
        """The webhooks that turn objects of one version of a kind into another."""
        steps = ("webhook", "clientConfig", "service")
        for definition in self._mesh.all(CustomResourceDefinition):
            found = definition.spec.conversion if definition.spec else None
            for step in steps:
                found = found.get(step) if isinstance(found, dict) else None
            try:
                reference = msgspec.convert(found, ServiceReference) if found else None
            except UNCONVERTIBLE:
                continue
            if reference is not None:
                yield at(definition, None, "spec", "conversion", *steps, "name"), reference

    def _of_ingresses(self) -> Iterator[OutsideCall]:
        for ingress in self._mesh.all(Ingress):
            name = self._foreign_class(ingress)
            if name is None:
                continue
            workload = self._controller(name)
            answer = self._mesh.injection.in_mesh(workload) if workload else Answer.UNKNOWN
            for backend in _backends(ingress):
                for service, port in self._targets(ingress, backend):
                    yield OutsideCall(
                        Outsider.INGRESS,
                        f"the ingress controller of class `{name}`",
                        service,
                        port,
                        Wire.PLAIN,
                        at(ingress, backend.service, "name"),
                        answer,
                        workload,
                    )

    def _targets(self, ingress: Ingress, backend: IngressBackend) -> Iterator[tuple[Service, int]]:
        target = backend.service
        if target is None or not target.name:
            return
        for service in self._services(self._mesh.namespace(ingress), target.name):
            for port in service.ports:
                wanted = target.port
                if port.port and (
                    wanted is None or port.port == wanted.number or (wanted.name and port.name == wanted.name)
                ):
                    yield service, port.port

    def _foreign_class(self, ingress: Ingress) -> str | None:
        """The class of an Ingress that is surely not Istio's; None for Istio's, and where none is written."""
        name = (ingress.spec.ingress_class_name if ingress.spec else None) or ingress.annotations.get(_INGRESS_CLASS)
        if not name or name == "istio":
            return None
        return None if self._controllers.get(name) == _ISTIO_CONTROLLER else name

    def _controller(self, name: str) -> Workload | None:
        """The pods of an ingress controller, known by what they are called; None where no file holds them."""
        controller = (self._controllers.get(name) or name).rpartition("/")[2]
        words = {name, controller}
        found = [item for word in sorted(words) for item in self._by_app.get(word, ())]
        return found[0] if len(set(found)) == 1 else None

    @cached_property
    def _controllers(self) -> Mapping[str, str]:
        """The controller of each class."""
        found = self._mesh.all(IngressClass)
        return {item.name: item.spec.controller for item in found if item.spec and item.spec.controller}

    @cached_property
    def _by_app(self) -> Mapping[str, list[Workload]]:
        """Workloads by what they may be called: their app, and that without `ingress` (`ingress-nginx`, `nginx`)."""
        index: dict[str, list[Workload]] = {}
        for workload in self._mesh.workloads.all:
            if workload.labels.get("app.kubernetes.io/component") not in {None, "controller"}:
                continue
            app = workload.app
            short = app.removeprefix("ingress-").removesuffix("-ingress").removesuffix("-controller")
            short = short.removesuffix("-ingress").removeprefix("ingress-")
            for word in {app, short, f"ingress-{short}"}:
                index.setdefault(word, []).append(workload)
        return index

    def _of_exposed_services(self) -> Iterator[OutsideCall]:
        for service in self._mesh.all(Service):
            spec = service.spec
            if spec is None:
                continue
            if spec.type == "LoadBalancer" or spec.external_ips:
                place = at(service, spec, "type" if spec.type == "LoadBalancer" else "external_ips")
                yield from self._exposed(service, Outsider.LOAD_BALANCER, place)
            elif spec.type == "NodePort":
                yield from self._exposed(service, Outsider.NODE_PORT, at(service, spec, "type"))

    def _exposed(self, service: Service, outsider: Outsider, place: Place) -> Iterator[OutsideCall]:
        for port in service.ports:
            if port.port:
                yield OutsideCall(outsider, outsider.value, service, port.port, Wire.PLAIN, place)

    def _services(self, namespace: str, name: str) -> list[Service]:
        return [item for item in self._mesh.find("Service", namespace, name) if isinstance(item, Service)]

    @cached_property
    def _by_resource(self) -> Mapping[Resource, list[OutsideCall]]:
        index: dict[Resource, list[OutsideCall]] = {}
        for call in self.all:
            index.setdefault(call.place.resource, []).append(call)
        return index

    @cached_property
    def _by_service(self) -> Mapping[Service, list[OutsideCall]]:
        index: dict[Service, list[OutsideCall]] = {}
        for call in self.all:
            index.setdefault(call.service, []).append(call)
        return index


def _backends(ingress: Ingress) -> Iterator[IngressBackend]:
    spec = ingress.spec
    if spec is None:
        return
    if spec.default_backend:
        yield spec.default_backend
    for rule in spec.rules or ():
        for path in (rule.http.paths if rule.http else None) or ():
            if path.backend:
                yield path.backend
