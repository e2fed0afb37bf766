"""Which service does a host name, from a namespace?

Services of Kubernetes are found by `name.namespace.svc.<any domain>`, ServiceEntries by their
hosts, wildcards included. Under which name a host is looked up is in `host_names`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from meshlint.mesh.context import Scope
from meshlint.mesh.host_names import (
    HostIndex,
    ServiceName,
    abbreviated_service_of,
    canonical,
    expand,
    is_address,
    is_wildcard,
    service_of,
)
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.references import EXISTS, UNKNOWN, Reference, found, missing, of_all
from meshlint.mesh.trust import Sought, matches_any
from meshlint.mesh.visibility import EVERYWHERE
from meshlint.model.base import Opaque, Resource

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.networking.service_entry import ServiceEntry
    from meshlint.model.networking.virtual_service import VirtualService

_CONTROL_PLANE = frozenset({"istiod", "istio-ingressgateway", "istio-egressgateway", "istio-eastwestgateway"})
"""Services that the installation of Istio brings, in whichever namespace; istiod also with a revision at its end."""
_ADDONS = frozenset(
    {"grafana", "jaeger", "jaeger-collector", "jaeger-query", "kiali", "loki", "prometheus", "tracing", "zipkin"}
)
"""Services that Istio's samples of add-ons put into the root namespace (`samples/addons`)."""
_API_SERVER = ServiceName("kubernetes", "default")


class Hosts:
    """Services by host. Everything is looked up in indexes that are built once."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._fqdns: dict[tuple[str, str], str] = {}
        self._exact_of: dict[str, Sequence[Resource]] = {}
        self._resolved: dict[tuple[str, Resource], Reference] = {}
        self._visible: dict[tuple[str, str], tuple[Resource, ...]] = {}
        self._reached_by: dict[tuple[tuple[str, ...], frozenset[str], frozenset[str]], Reference | None] = {}
        self._owned: dict[frozenset[str], Mapping[Resource, None]] = {}
        self._own_of: dict[VirtualService, Mapping[Resource, None]] = {}

    def fqdn(self, host: str, namespace: str) -> str:
        """Give the host that istiod looks up for one written in `namespace`, with the cluster's own domain.

        `reviews` gives `reviews.<namespace>.svc.cluster.local`; `reviews.shop.svc.corp.local` gives
        `reviews.shop.svc.cluster.local` where nothing says that the domain is another. A host with
        a dot is otherwise left as it is: istiod does not expand `reviews.shop`.
        """
        found = self._fqdns.get((host, namespace))
        if found is None:
            domain = self._mesh.settings.cluster_domain
            found = canonical(host, domain) if "." in host else expand(host, namespace, domain)
            self._fqdns[host, namespace] = found
        return found

    def named(self, host: str, namespace: str) -> Sequence[Resource]:
        """Give all that a host written in `namespace` may name, whoever may see it.

        In any variant and under every identity: `Service`, `ServiceEntry`, `Opaque` ones, and
        `Generic` where another API has a Service (Knative's).
        """
        return self._named(self.fqdn(host, namespace))

    def services(self, host: str, namespace: str) -> Sequence[Resource]:
        """Give what a host names for proxies of `namespace`: that part of `named` which they may see."""
        key = (self.fqdn(host, namespace), namespace)
        found = self._visible.get(key)
        if found is None:
            visible = self._mesh.visibility.visible
            found = self._visible[key] = tuple([item for item in self._named(key[0]) if visible(item, namespace)])
        return found

    def resolve(self, host: str, resource: Resource) -> Reference:
        """Follow a host of a route of `resource`. NO: no service has it, and the input should hold it.

        A service that no client of the route can see, by `exportTo` of both, is missing for them and
        given as `hidden`. `near` has the spelling that `host` should have. An empty host, a wildcard
        and an address are not judged.
        """
        key = (host, resource)
        outcome = self._resolved.get(key)
        if outcome is None:
            outcome = self._resolved[key] = self._resolve(host, resource)
        return outcome

    def _resolve(self, host: str, resource: Resource) -> Reference:
        hosts = {self.fqdn(host, namespace): namespace for namespace in self._mesh.homes(resource)}
        reached = self._reached(tuple(hosts), resource)
        if reached is not None:
            return reached
        if not host or is_wildcard(host) or is_address(host):
            return UNKNOWN
        hidden = [service for fqdn in hosts for service in self._exact(fqdn)]
        if self._may_claim(resource) and any(not self._mesh.is_of_class(service, "ServiceEntry") for service in hidden):
            return missing(hidden=hidden)
        outcome = of_all([self._absent(host, namespace, resource) for namespace in hosts.values()])
        return missing(outcome.near, hidden) if outcome.is_missing else outcome

    def _reached(self, hosts: tuple[str, ...], resource: Resource) -> Reference | None:
        """What the hosts name and clients of the route may see; None where there is nothing. Shared between routes."""
        clients = self._clients(resource)
        near = self._near_clients(resource) if self._wild_entries else clients
        key = (hosts, clients, near)
        if key not in self._reached_by:
            seen: dict[Resource, None] = {}
            for fqdn in hosts:
                for service in self._exact(fqdn):
                    if self._reaches(service, clients):
                        seen[service] = None
            for fqdn in hosts if self._wild_entries else ():
                for entry in self._wild(fqdn):
                    if self._reaches(entry, near):
                        seen[entry] = None
            self._reached_by[key] = found(*seen) if seen else None
        return self._reached_by[key]

    def _clients(self, resource: Resource) -> frozenset[str]:
        """The namespaces whose proxies use a route, as far as that is known; `*`: any.

        With `--scope complete` a route that is exported to all is judged from its own namespace, as
        `istioctl analyze` does; otherwise it may be meant for those who see the service.
        """
        if not self._mesh.is_of_class(resource, "VirtualService"):
            return EVERYWHERE
        exports = self._mesh.visibility.exports(resource)
        if "*" in exports and self._mesh.context.scope is Scope.COMPLETE:
            return frozenset(self._mesh.homes(resource))
        return exports

    def _reaches(self, service: Resource, clients: frozenset[str]) -> bool:
        exports = self._mesh.visibility.exports(service)
        return bool(exports) and ("*" in exports or "*" in clients or not exports.isdisjoint(clients))

    def _near_clients(self, resource: Resource) -> frozenset[str]:
        """Those whose private wildcards are meant for a route: elsewhere they cover its hosts by accident."""
        own = self._mesh.homes(resource)
        exports = self._mesh.visibility.exports(resource)
        return frozenset(own) if exports == EVERYWHERE else exports.union(own) - EVERYWHERE

    def _absent(self, host: str, namespace: str, resource: Resource) -> Reference:
        fqdn = self.fqdn(host, namespace)
        if fqdn in self._made_by_filters or matches_any(self._mesh.context.external.hosts, host, fqdn):
            return EXISTS
        service = service_of(fqdn)
        if service is None:
            return self._absent_outside(host, namespace, resource)
        if service == _API_SERVER or service.name in _CONTROL_PLANE or service.name.startswith("istiod-"):
            return EXISTS
        sought = Sought("Service", service.namespace, service.name, resource, relative="." not in host)
        astray = self._astray(sought)
        if astray:
            return self._mesh.trust.judge(sought, lambda: astray[0] if len(astray) == 1 else None, lambda: True)
        outcome = self._mesh.trust.absent(sought, self._own(resource))
        return missing(outcome.near + host[len(service.name) :]) if outcome.near else outcome

    def _astray(self, sought: Sought) -> Sequence[str]:
        """The hosts of services that have a short name in other namespaces, where it is written in the root namespace.

        Hardly an application lives there, while its routes often do, beside those of the gateways.
        """
        root = self._mesh.settings.root_namespace
        if not sought.relative or sought.namespace != root or sought.name in _ADDONS:
            return ()
        domain = self._mesh.settings.cluster_domain
        homes = self._mesh.namespaces_of("Service", sought.name)
        return [ServiceName(sought.name, home).fqdn(domain) for home in homes]

    def _absent_outside(self, host: str, namespace: str, resource: Resource) -> Reference:
        """Judge a host of no known service that has not the form of the cluster's."""
        trust = self._mesh.trust
        meant = abbreviated_service_of(host)
        if meant is not None and self._mesh.find("Service", meant.namespace, meant.name):
            sought = Sought("Service", meant.namespace, meant.name, resource)
            return trust.judge(sought, lambda: meant.fqdn(self._mesh.settings.cluster_domain), lambda: True)
        sought = Sought("ServiceEntry", namespace, host, resource)
        if self._has_opaque_entries:
            return trust.unknown(sought)
        own = self._own(resource)
        return trust.judge(
            sought,
            lambda: self._entry_names.of(host),
            lambda: any(entry not in own for entry in self._entries_seen_from(namespace)),
        )

    def _own(self, resource: Any) -> Mapping[Resource, None]:
        """The services that a VirtualService is about: those its hosts and destinations name."""
        if not self._mesh.is_of_class(resource, "VirtualService") or resource.spec is None:
            return {}
        if resource not in self._own_of:
            self._own_of[resource] = self._meant(resource)
        return self._own_of[resource]

    def _meant(self, resource: VirtualService) -> Mapping[Resource, None]:
        names = {
            *((resource.spec.hosts if resource.spec else None) or ()),
            *(destination.host or "" for destination in resource.destinations()),
        }
        hosts = frozenset(self.fqdn(name, space) for name in names for space in self._mesh.homes(resource))
        if hosts not in self._owned:
            self._owned[hosts] = {service: None for fqdn in sorted(hosts) for service in self._named(fqdn)}
        return self._owned[hosts]

    def _named(self, fqdn: str) -> Sequence[Resource]:
        exact = self._exact(fqdn)
        if len(exact) < 2 and not self._wild_entries:
            return exact
        return list(dict.fromkeys((*exact, *self._wild(fqdn))))

    def _exact(self, fqdn: str) -> Sequence[Resource]:
        found = self._exact_of.get(fqdn)
        if found is None:
            service = service_of(fqdn)
            of_cluster = self._mesh.find("Service", service.namespace, service.name) if service else ()
            entries = self._entries.exact(fqdn)
            found = self._exact_of[fqdn] = [*of_cluster, *entries] if entries else of_cluster
        return found

    def _wild(self, fqdn: str) -> list[ServiceEntry]:
        return self._wild_entries.covering(fqdn)

    def _may_claim(self, resource: Resource) -> bool:
        """Whether it is sure where a route lives and that no other service of the name is meant."""
        return self._mesh.context.scope is not Scope.PARTIAL and resource.namespace is not None

    @cached_property
    def _entries(self) -> HostIndex[ServiceEntry]:
        return self._indexed(wildcards=False)

    @cached_property
    def _wild_entries(self) -> HostIndex[ServiceEntry]:
        return self._indexed(wildcards=True)

    def _indexed(self, *, wildcards: bool) -> HostIndex[ServiceEntry]:
        index: HostIndex[ServiceEntry] = HostIndex()
        domain = self._mesh.settings.cluster_domain
        for entry in self._mesh.of_class("ServiceEntry"):
            for host in entry.hosts:
                if is_wildcard(host) is wildcards:
                    index.add(canonical(host, domain), entry)
        return index

    @cached_property
    def _entry_names(self) -> Nearest:
        return Nearest(self._entries.hosts())

    @cached_property
    def _made_by_filters(self) -> frozenset[str]:
        """The hosts whose clusters EnvoyFilters add."""
        filters = self._mesh.of_class("EnvoyFilter")
        if not filters:
            return frozenset()
        from meshlint.mesh.envoy_calls import made_hosts

        domain = self._mesh.settings.cluster_domain
        return frozenset(canonical(host, domain) for item in filters for host in made_hosts(item))

    @cached_property
    def _has_opaque_entries(self) -> bool:
        return any(resource.kind == "ServiceEntry" for resource in self._mesh.all(Opaque))

    def _entries_seen_from(self, namespace: str) -> Iterator[ServiceEntry]:
        return chain(self._entries_by_reader.get("*", ()), self._entries_by_reader.get(namespace, ()))

    @cached_property
    def _entries_by_reader(self) -> dict[str, list[ServiceEntry]]:
        readers: dict[str, list[ServiceEntry]] = {}
        for entry in self._mesh.of_class("ServiceEntry"):
            for namespace in self._mesh.visibility.exports(entry):
                readers.setdefault(namespace, []).append(entry)
        return readers
