"""Which rules for HTTP are about a port of a Service?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.model.networking.virtual_service import VirtualService
from meshlint.model.security.authorization_policy import AuthorizationPolicy, Operation

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource
    from meshlint.model.kubernetes.service import Service, ServicePort

_EVERY_PORT = 0
_HTTP_FIELDS = ("hosts", "not_hosts", "methods", "not_methods", "paths", "not_paths")


class Layer7:
    """The VirtualServices with HTTP routes to a port, and the policies with HTTP conditions about its pods."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def users(self, service: Service, port: ServicePort) -> Sequence[Resource]:
        """Every resource that needs the port to be HTTP, in the order of the input.

        A destination without a port is about the only port of a Service; a Service with several
        is then used on none of them for certain.
        """
        ports = self._routed.get(service, {})
        routed = list(ports.get(port.port or 0, ()))
        if len(service.ports) == 1:
            routed += ports.get(_EVERY_PORT, ())
        guarded = [policy for item in self._mesh.services.workloads(service) for policy in self._guards.get(item, ())]
        return list(dict.fromkeys([*routed, *guarded]))

    @cached_property
    def _routed(self) -> dict[Resource, dict[int, list[Resource]]]:
        index: dict[Resource, dict[int, list[Resource]]] = {}
        for virtual_service in self._mesh.all(VirtualService):
            for route in virtual_service.http:
                for destination in route.destinations():
                    port = destination.port.number if destination.port else None
                    for service in self._mesh.hosts.resolve(destination.host or "", virtual_service).found:
                        index.setdefault(service, {}).setdefault(port or _EVERY_PORT, []).append(virtual_service)
        return index

    @cached_property
    def _guards(self) -> dict[Workload, list[AuthorizationPolicy]]:
        """Policies with HTTP conditions and a selector of their own, by the workloads they pick."""
        index: dict[Workload, list[AuthorizationPolicy]] = {}
        for policy in self._mesh.all(AuthorizationPolicy):
            selector = policy.spec.selector if policy.spec else None
            speaks_http = any(_is_http(operation) for entry in policy.rules for operation in entry.operations())
            if selector is not None and selector.match_labels and speaks_http:
                for workload in self._mesh.selectors.picked(self._mesh.namespace(policy), selector.match_labels):
                    index.setdefault(workload, []).append(policy)
        return index


def _is_http(operation: Operation) -> bool:
    return any(getattr(operation, field) for field in _HTTP_FIELDS)
