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
from meshlint.mesh.gateways import MESH
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
    others: tuple[Import, ...]
    """Entries with a wildcard, and those that exclude."""

    def imports(self, host: str, namespace: str) -> bool:
        """Whether a service of this host and namespace is imported (`selectServices`)."""
        if any(item.excludes and item.concerns(namespace) and covers(item.host, host) for item in self.others):
            return False
        if (namespace, host) in self.exact or ("*", host) in self.exact:
            return True
        return any(not item.excludes and item.concerns(namespace) and covers(item.host, host) for item in self.others)

    def imports_route(self, host: str, namespace: str) -> bool:
        """Whether a VirtualService of this namespace, for this host, is imported (`SelectVirtualServices`)."""
        if self.imports(host, namespace):
            return True
        wild = any(not item.excludes and item.concerns(namespace) and overlap(item.host, host) for item in self.others)
        return wild or (
            is_wildcard(host) and any(where in {"*", namespace} and covers(host, name) for where, name in self.exact)
        )


class Sidecars:
    """The Sidecars of the input, and what they let through."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._listeners_of: dict[tuple[Sidecar, str], list[_Listener]] = {}
        self._passing: dict[tuple[Sidecar, str, str], bool] = {}

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
        return any(self._is_imported(route, listeners, namespace) for route in self._routes_to.get(fqdn, ()))

    def _is_imported(self, route: VirtualService, listeners: Sequence[_Listener], namespace: str) -> bool:
        """Whether a VirtualService comes along: its destinations are imported with it (`collectImportedServices`)."""
        if not self._mesh.visibility.visible(route, namespace):
            return False
        written = route.spec.hosts or () if route.spec else ()
        for where, _ in self._mesh.identities(route):
            hosts = [self._mesh.hosts.fqdn(host, where) for host in written]
            if not hosts or any(listener.imports_route(host, where) for listener in listeners for host in hosts):
                return True
        return False

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
        others = tuple(item for item in imports if item.excludes or is_wildcard(item.host))
        exact = frozenset((item.namespace, item.host) for item in imports if item not in others)
        return _Listener(_matched_port(listener), exact, others)

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
                for namespace, _ in self._mesh.identities(sidecar):
                    found.setdefault(namespace, []).append(sidecar)
        return found

    @cached_property
    def _unread(self) -> dict[str, list[Opaque]]:
        unread: dict[str, list[Opaque]] = {}
        for resource in self._mesh.all(Opaque):
            if resource.kind == "Sidecar":
                for namespace, _ in self._mesh.identities(resource):
                    unread.setdefault(namespace, []).append(resource)
        return unread

    @cached_property
    def _routes_to(self) -> dict[str, list[VirtualService]]:
        """The VirtualServices of sidecars by destination."""
        routes: dict[str, dict[VirtualService, None]] = {}
        for route in self._mesh.all(VirtualService):
            gateways = route.spec.gateways if route.spec else None
            if gateways and MESH not in gateways:
                continue
            for destination in route.destinations():
                for namespace, _ in self._mesh.identities(route):
                    host = self._mesh.hosts.fqdn(destination.host or "", namespace)
                    routes.setdefault(host, {})[route] = None
        return {host: list(found) for host, found in routes.items()}


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
