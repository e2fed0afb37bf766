"""Subsets of a service: which routes lead to them, and do any pods belong to them?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.gateway_names import MESH
from meshlint.mesh.references import EXISTS, UNKNOWN, Reference
from meshlint.model.kubernetes.service import Service

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource
    from meshlint.model.networking.common import Destination
    from meshlint.model.networking.destination_rule import DestinationRule, Subset
    from meshlint.model.networking.gateway import Gateway
    from meshlint.model.networking.virtual_service import VirtualService


class Bypass(msgspec.Struct, frozen=True, eq=False):
    """A destination of a route at the edge that takes all subsets alike, and the routes that tell them apart."""

    destination: Destination
    gateway: Gateway
    routes: VirtualService


class Subsets:
    """Routes and pods by subset."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def is_routed(self, rule: DestinationRule, subset: Subset) -> bool:
        """Whether some route of the input leads to a subset of the rule's host."""
        host = rule.spec.host if rule.spec else None
        return bool(host) and (self._fqdn(host or "", rule), subset.name) in self._routed

    def pods(self, rule: DestinationRule, subset: Subset) -> Reference:
        """What the labels of a subset lead to, among the pods of the rule's host.

        NO needs the pods of the service in the input, all of them, and a route that leads to the
        subset: one that nothing uses yet may be for pods to come. With `--scope complete` a route is
        not asked for, as `istioctl analyze` does. Labels that pods get later (`topology...`) may fit.
        """
        if not subset.labels or rule.spec is None or not rule.spec.host:
            return UNKNOWN
        services = [item for item in self._mesh.hosts.resolve(rule.spec.host, rule).found if isinstance(item, Service)]
        answers = [self._mesh.services.having(service, subset.labels) for service in services]
        if Answer.YES in answers:
            return EXISTS
        if not answers or Answer.UNKNOWN in answers:
            return UNKNOWN
        if self._mesh.context.scope is not Scope.COMPLETE and not self.is_routed(rule, subset):
            return UNKNOWN
        outcomes = [self._mesh.services.absent(service, subset.labels, rule) for service in services]
        return next((outcome for outcome in outcomes if not outcome.is_missing), outcomes[0])

    def bypasses(self, virtual_service: VirtualService) -> Iterator[Bypass]:
        """The destinations without subset, behind gateways at the edge, of hosts whose subsets sidecars tell apart.

        Not where some route of a gateway leads to a subset of the host: then its author knows.
        """
        gateway = self._edge(virtual_service)
        if gateway is None:
            return
        from meshlint.mesh.rivals import strangers

        for route in virtual_service.http:
            for weighted in route.route or ():
                destination = weighted.destination
                if destination is None or not destination.host or destination.subset:
                    continue
                fqdn = self._fqdn(destination.host, virtual_service)
                routes = self._told_apart.get(fqdn)
                if routes is None or fqdn in self._at_gateways:
                    continue
                if strangers(self._mesh, virtual_service, (routes,)):
                    yield Bypass(destination, gateway, routes)

    def _edge(self, virtual_service: VirtualService) -> Gateway | None:
        """The gateway at the edge that a VirtualService is bound to, and to no sidecars besides.

        A gateway for outgoing traffic is none: there the first hop has no subset by design.
        """
        names = (virtual_service.spec.gateways if virtual_service.spec else None) or ()
        if not names or MESH in names:
            return None
        own = self._mesh.namespace(virtual_service)
        from meshlint.model.networking.gateway import Gateway

        found: list[Resource] = [item for name in names for item in self._mesh.gateways.named(name, own)]
        gateways = [item for item in found if isinstance(item, Gateway)]
        if not gateways or any("egress" in value for item in gateways for value in item.selector.values()):
            return None
        return gateways[0]

    @cached_property
    def _routed(self) -> set[tuple[str, str | None]]:
        """Host and subset of every route."""
        fqdn = self._mesh.hosts.fqdn
        routes: Sequence[VirtualService] = self._mesh.of_class("VirtualService")
        routed: set[tuple[str, str | None]] = set()
        for route in routes:
            home = self._mesh.namespace(route)
            for host, subset in {(item.host, item.subset) for item in route.destinations()}:
                routed.add((fqdn(host or "", home), subset))
        return routed

    @cached_property
    def _told_apart(self) -> dict[str, VirtualService]:
        """By host, the first VirtualService of sidecars for it that routes to its subsets."""
        found: dict[str, VirtualService] = {}
        for route in self._mesh.delegates.served:
            gateways = (route.spec.gateways if route.spec else None) or (MESH,)
            if MESH not in gateways:
                continue
            hosts = {self._fqdn(host, route) for host in (route.spec.hosts if route.spec else None) or ()}
            for fqdn in self._with_subset(route):
                if fqdn in hosts:
                    found.setdefault(fqdn, route)
        return found

    @cached_property
    def _at_gateways(self) -> set[str]:
        """The hosts that some route of a gateway leads to by subset."""
        return {
            fqdn
            for route in self._mesh.delegates.served
            if any(name != MESH for name in (route.spec.gateways if route.spec else None) or ())
            for fqdn in self._with_subset(route)
        }

    def _with_subset(self, route: VirtualService) -> Sequence[str]:
        """The hosts that HTTP routes lead to by subset."""
        destinations = (item.destination for http in route.http for item in http.route or ())
        home = self._mesh.namespace(route)
        return [self._mesh.hosts.fqdn(item.host, home) for item in destinations if item and item.host and item.subset]

    def _fqdn(self, host: str, resource: Resource) -> str:
        return self._mesh.hosts.fqdn(host, self._mesh.namespace(resource))
