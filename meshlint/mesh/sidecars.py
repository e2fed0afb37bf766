"""Which Sidecar is in force for a workload, and does it let the workload see a service?

`pilot/pkg/model/sidecar.go` and `initSidecarScopes`, `doGetSidecarScope` in
`pilot/pkg/model/push_context.go` decide. Gateways, waypoints and ambient workloads take no notice
of Sidecars: do not ask for them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.gateway_names import MESH
from meshlint.mesh.host_names import covers, is_wildcard, overlap
from meshlint.model.base import Opaque, Resource
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.networking.sidecar import IstioEgressListener, Sidecar
from meshlint.model.networking.virtual_service import VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

Labels = Mapping[str, str]
Candidate = Sidecar | Opaque | None
"""A Sidecar that may be in force; None: no Sidecar at all, everything is seen."""


class Import(msgspec.Struct, frozen=True):
    """One entry of `hosts` of an egress listener, its namespace resolved."""

    namespace: str
    """`*` for all."""
    host: str
    excludes: bool = False

    def concerns(self, namespace: str) -> bool:
        """Whether it is about resources of a namespace."""
        return self.namespace in {"*", namespace}


class _Listener(msgspec.Struct, frozen=True, eq=False):
    """An egress listener as it is for the workloads of one namespace."""

    port: int | None
    exact: frozenset[tuple[str, str]]
    """Namespace and host of the entries without wildcard."""
    wild: tuple[Import, ...]
    excluding: tuple[Import, ...]

    def imports(self, host: str, namespace: str) -> bool:
        """Whether a service of this host and namespace is imported (`selectServices`)."""
        if self.excludes(host, namespace):
            return False
        if (namespace, host) in self.exact or ("*", host) in self.exact:
            return True
        return any(item.concerns(namespace) and covers(item.host, host) for item in self.wild)

    def excludes(self, host: str, namespace: str) -> bool:
        """Whether an entry with `~` leaves a host of this namespace out."""
        return any(item.concerns(namespace) and covers(item.host, host) for item in self.excluding)


class _Route(msgspec.Struct, frozen=True, eq=False):
    """A host of a VirtualService of sidecars, in one namespace. A delegate has no host of its own: None."""

    route: VirtualService
    namespace: str
    host: str | None


class Sidecars:
    """The Sidecars of the input, and what they let through."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._listeners_of: dict[tuple[Sidecar, str], list[_Listener]] = {}
        self._passing: dict[tuple[Sidecar, str, str], bool] = {}
        self._matching: dict[tuple[str, str, str], list[_Route]] = {}

    def for_workload(self, namespace: str, labels: Labels | None = None) -> Sequence[Candidate]:
        """Give the Sidecars of which one is in force for a workload, mostly exactly one.

        One that picks the workload by labels, else one of the namespace, else one of the root
        namespace, the last two without selector; `None` where there is none of these. More than one
        is given where the input does not tell which wins (the oldest does), where one could not be
        read, or where one has a selector and the labels are unknown.
        """
        selecting = self._selecting.get(namespace, ())
        unread = self._unread.get(namespace, ())
        if labels is not None:
            picked = [sidecar for sidecar in selecting if _wanted(sidecar).items() <= labels.items()]
            if picked:
                return (*_oldest(picked), *unread)
            selecting = ()
        root = self._mesh.settings.root_namespace
        general = self._general.get(namespace) or self._general.get(root)
        fallback: Sequence[Candidate] = _oldest(general) if general else (*self._unread.get(root, ()), None)
        return tuple(dict.fromkeys((*selecting, *unread, *fallback)))

    def may_listen(self, namespace: str, labels: Labels, port: int) -> bool:
        """Whether the proxy of a workload may have a listener at a port for itself: an ingress listener of a Sidecar.

        It hands over to another port of the workload, its `defaultEndpoint`.
        """
        for candidate in self.for_workload(namespace, labels):
            if isinstance(candidate, Sidecar):
                listeners = (candidate.spec and candidate.spec.ingress) or ()
                if any(item.port is not None and item.port.number == port for item in listeners):
                    return True
            elif candidate is not None:
                return True
        return False

    def sees(self, namespace: str, host: str, labels: Labels | None = None) -> Answer:
        """Whether the proxy of a workload knows the service that a host names.

        `host` is read as written in the workload's namespace. Where no Sidecar of the input is in
        force the answer is yes: one elsewhere is not assumed. Unknown where the Sidecars that may be
        in force differ, one of them could not be read, or the input has no service of that host.
        """
        candidates = self.for_workload(namespace, labels)
        if candidates == (None,):
            return Answer.YES
        services = self._mesh.hosts.services(host, namespace)
        if not services:
            return Answer.UNKNOWN
        fqdn = self._mesh.hosts.fqdn(host, namespace)
        answers = {self._answer(candidate, namespace, fqdn, services) for candidate in candidates}
        return answers.pop() if len(answers) == 1 else Answer.UNKNOWN

    def imports(self, listener: IstioEgressListener, namespace: str) -> Iterator[Import]:
        """Give the hosts of a listener for workloads of a namespace; those of a wrong form are left out.

        `~/host` and `~namespace/host` exclude (`convertIstioListenerToWrapper`).
        """
        for written in listener.hosts or ():
            scope, slash, host = written.partition("/")
            if not slash or "/" in host:
                continue
            excludes = scope.startswith("~")
            scope = (scope.removeprefix("~") or "*") if excludes else scope
            yield Import(namespace if scope == "." else scope, host, excludes)

    def _answer(self, candidate: Candidate, namespace: str, fqdn: str, services: Sequence[Resource]) -> Answer:
        if candidate is None:
            return Answer.YES
        if isinstance(candidate, Opaque):
            return Answer.UNKNOWN
        key = (candidate, namespace, fqdn)
        if key not in self._passing:
            self._passing[key] = self._lets_through(candidate, namespace, fqdn, services)
        return Answer.of(self._passing[key])

    def _lets_through(self, sidecar: Sidecar, namespace: str, fqdn: str, services: Sequence[Resource]) -> bool:
        listeners = self._listeners(sidecar, namespace)
        if not listeners:
            return True
        for service in services:
            for where, _ in self._mesh.identities(service):
                if any(_may_have(service, listener.port) and listener.imports(fqdn, where) for listener in listeners):
                    return True
        return fqdn in self._routes_to and any(self._brings(listener, fqdn, namespace) for listener in listeners)

    def _brings(self, listener: _Listener, fqdn: str, client: str) -> bool:
        """Whether the listener imports a route to the host: its destinations come along (`collectImportedServices`)."""
        imported = [*listener.exact, *((item.namespace, item.host) for item in listener.wild)]
        return any(
            self._mesh.visibility.visible(found.route, client)
            and not (found.host is not None and listener.excludes(found.host, found.namespace))
            for namespace, host in imported
            for found in self._routes_of(fqdn, namespace, host)
        )

    def _routes_of(self, fqdn: str, namespace: str, host: str) -> list[_Route]:
        """The routes to a service that an entry `namespace/host` imports (`SelectVirtualServices`), wildcards both ways."""
        key = (fqdn, namespace, host)
        if key not in self._matching:
            by_namespace = self._routes_to[fqdn]
            near = by_namespace.values() if namespace == "*" else [by_namespace.get(namespace, [])]
            self._matching[key] = [
                route for routes in near for route in routes if route.host is None or overlap(route.host, host)
            ]
        return self._matching[key]

    def _listeners(self, sidecar: Sidecar, namespace: str) -> list[_Listener]:
        key = (sidecar, namespace)
        if key not in self._listeners_of:
            egress = sidecar.spec.egress or () if sidecar.spec else ()
            self._listeners_of[key] = [self._listener(listener, namespace) for listener in egress]
        return self._listeners_of[key]

    def _listener(self, listener: IstioEgressListener, namespace: str) -> _Listener:
        # The domain is made the cluster's own, but a short name stays one: istiod does not expand it here.
        fqdn = self._mesh.hosts.fqdn
        imports = [
            Import(item.namespace, fqdn(item.host, "") if "." in item.host else item.host, item.excludes)
            for item in self.imports(listener, namespace)
        ]
        return _Listener(
            _matched_port(listener),
            frozenset(
                (item.namespace, item.host) for item in imports if not item.excludes and not is_wildcard(item.host)
            ),
            tuple(item for item in imports if not item.excludes and is_wildcard(item.host)),
            tuple(item for item in imports if item.excludes),
        )

    @cached_property
    def _selecting(self) -> dict[str, list[Sidecar]]:
        return self._by_namespace(with_selector=True)

    @cached_property
    def _general(self) -> dict[str, list[Sidecar]]:
        return self._by_namespace(with_selector=False)

    def _by_namespace(self, *, with_selector: bool) -> dict[str, list[Sidecar]]:
        found: dict[str, list[Sidecar]] = {}
        for sidecar in self._mesh.all(Sidecar):
            selects = sidecar.spec is not None and sidecar.spec.workload_selector is not None
            if selects is with_selector:
                for namespace in self._mesh.homes(sidecar):
                    found.setdefault(namespace, []).append(sidecar)
        return found

    @cached_property
    def _unread(self) -> dict[str, list[Opaque]]:
        unread: dict[str, list[Opaque]] = {}
        for resource in self._mesh.all(Opaque):
            if resource.kind == "Sidecar":
                for namespace in self._mesh.homes(resource):
                    unread.setdefault(namespace, []).append(resource)
        return unread

    @cached_property
    def _routes_to(self) -> dict[str, dict[str, list[_Route]]]:
        """The routes of sidecars by destination and by their own namespace."""
        routes: dict[str, dict[str, list[_Route]]] = {}
        fqdn = self._mesh.hosts.fqdn
        for route in self._mesh.all(VirtualService):
            gateways = route.spec.gateways if route.spec else None
            if gateways and MESH not in gateways:
                continue
            written = route.spec.hosts or (None,) if route.spec else (None,)
            for namespace in self._mesh.homes(route):
                hosts = [_Route(route, namespace, fqdn(host, namespace) if host else None) for host in written]
                for target in {fqdn(item.host or "", namespace) for item in route.destinations()}:
                    routes.setdefault(target, {}).setdefault(namespace, []).extend(hosts)
        return routes


def _wanted(sidecar: Sidecar) -> Labels:
    selector = sidecar.spec.workload_selector if sidecar.spec else None
    return selector.wanted if selector is not None else {}


def _oldest(sidecars: Sequence[Sidecar]) -> Sequence[Sidecar]:
    """The oldest; all of them where their age is not written."""
    ages = [sidecar.metadata.creation_timestamp if sidecar.metadata else None for sidecar in sidecars]
    if len(sidecars) < 2 or None in ages:
        return sidecars
    return [min(sidecars, key=lambda sidecar: sidecar.metadata.creation_timestamp or "" if sidecar.metadata else "")]


def _matched_port(listener: IstioEgressListener) -> int | None:
    """The port a service must have to be imported (`needsPortMatch`)."""
    port = listener.port
    if port is None or not port.number or (port.protocol or "").upper() == "HTTP_PROXY":
        return None
    return port.number


def _may_have(service: Resource, port: int | None) -> bool:
    """Whether a service has a port; what could not be read may have any."""
    if port is None:
        return True
    if isinstance(service, Service):
        return any(item.port == port for item in service.ports)
    return not isinstance(service, ServiceEntry) or any(item.number == port for item in service.ports)
