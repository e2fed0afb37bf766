"""`Mesh`: all resources of the input, and the way to every question about them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from meshlint.mesh.context import Context, Entry, Origin
from meshlint.model.base import Opaque, Resource

if TYPE_CHECKING:
    from meshlint.mesh.accounts import Accounts
    from meshlint.mesh.attachment import Attachment
    from meshlint.mesh.authorization import Authorization
    from meshlint.mesh.callers import Callers
    from meshlint.mesh.callgraph import CallGraph
    from meshlint.mesh.credentials import Credentials
    from meshlint.mesh.delegates import Delegates
    from meshlint.mesh.destination_rules import DestinationRules
    from meshlint.mesh.enrolment import Enrolment
    from meshlint.mesh.entry_protocols import EntryProtocols
    from meshlint.mesh.gateway_workloads import GatewayWorkloads
    from meshlint.mesh.gateways import Gateways
    from meshlint.mesh.hosts import Hosts
    from meshlint.mesh.injection import Injection
    from meshlint.mesh.layer7 import Layer7
    from meshlint.mesh.mtls import MutualTLS
    from meshlint.mesh.namespaces import Namespaces
    from meshlint.mesh.outsiders import Outsiders
    from meshlint.mesh.port_protocols import PortProtocols
    from meshlint.mesh.providers import Providers
    from meshlint.mesh.registries import Registries
    from meshlint.mesh.route_claims import RouteClaims
    from meshlint.mesh.routing import Routing
    from meshlint.mesh.scrapes import Scrapes
    from meshlint.mesh.selections import Selections
    from meshlint.mesh.selectors import Selectors
    from meshlint.mesh.server_conflicts import ServerConflicts
    from meshlint.mesh.services import Services
    from meshlint.mesh.settings import Settings
    from meshlint.mesh.sidecars import Sidecars
    from meshlint.mesh.subsets import Subsets
    from meshlint.mesh.token_checks import TokenChecks
    from meshlint.mesh.trust import Trust
    from meshlint.mesh.visibility import Visibility
    from meshlint.mesh.webhooks import Injectors
    from meshlint.mesh.workloads import Workloads

R = TypeVar("R", bound=Resource)


class Mesh:
    """The typed object graph. Indexes are built on first use, once; nothing in it ever changes."""

    def __init__(self, entries: Iterable[Entry], context: Context | None = None) -> None:
        self.context = context or Context()
        self.entries = tuple(entries)
        self._by_type: dict[type[Resource], list[Resource]] = {}
        self._origins: dict[Resource, Origin] = {}
        self._written: dict[Resource, Resource] = {}
        for entry in self.entries:
            self._by_type.setdefault(type(entry.resource), []).append(entry.resource)
            self._origins[entry.resource] = entry.origin
        self._identities: dict[Resource, set[tuple[str, str]]] = {}
        self.unknown: Counter[str] = Counter()
        """How often a reference could not be judged from these files, by kind of reference."""

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every resource of a kind, in the order of the input."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    def of_class(self, name: str) -> Sequence[Any]:
        """Every resource whose class has this name: for kinds that seldom occur, whose model need not be imported."""
        found = [resources for kind, resources in self._by_type.items() if kind.__name__ == name]
        return found[0] if found else ()

    @property
    def judged(self) -> Iterable[Entry]:
        """The entries that rules judge: those whose content could be read."""
        return (entry for entry in self.entries if not isinstance(entry.resource, Opaque))

    def origin(self, resource: Resource) -> Origin:
        """Where a resource was written."""
        return self._origins[resource]

    def derive(self, resource: R, written: R) -> None:
        """Let a resource that a question is asked with stand where the one that it is made of is written."""
        self._origins[resource] = self._origins[written]
        self._written[resource] = written

    def written(self, resource: R) -> R:
        """The resource of the input that a derived one is made of; any other is itself."""
        return self._written.get(resource, resource)  # type: ignore[return-value]

    def namespace(self, resource: Resource) -> str:
        """The namespace a resource lives in: the one that all kustomize builds agree on, its own, or `--namespace`."""
        own = resource.namespace or self.context.namespace
        if self.context.builds is None:
            return own
        homes = self.homes(resource)
        return homes[0] if len(homes) == 1 else own

    def homes(self, resource: Resource) -> tuple[str, ...]:
        """Every namespace that some kustomize build takes a resource to, sorted; its own where none takes it."""
        if self.context.builds is None:
            return (resource.namespace or self.context.namespace,)
        return tuple(sorted({namespace for namespace, _ in self.identities(resource)}))

    def identities(self, resource: Resource) -> set[tuple[str, str]]:
        """Every (namespace, name) that some kustomize build gives a resource; its own where none takes it."""
        builds = self.context.builds
        if builds is None:
            return {(resource.namespace or self.context.namespace, resource.name)}
        if resource not in self._identities:
            path = self.origin(resource).path
            found = builds.identities(path, resource.namespace, resource.name, resource.kind)
            self._identities[resource] = {(namespace or self.context.namespace, name) for namespace, name in found}
        return self._identities[resource]

    def is_patched(self, resource: Resource) -> bool:
        """Whether a kustomize build changes what the file says of a resource, in more than idle fields."""
        return bool(self.changes(resource))

    def changes(self, resource: Resource) -> Collection[tuple[str, ...]]:
        """The fields of a resource that a kustomize build changes, but for idle ones (see `mesh.patches`)."""
        fields = self.patched(resource)
        if not fields:
            return ()
        from meshlint.mesh.patches import is_idle

        return [field for field in fields if not is_idle(resource.kind, field)]

    def patched(self, resource: Resource) -> frozenset[tuple[str, ...]]:
        """All fields of a resource that a kustomize build changes (see `Builds.patched`)."""
        builds = self.context.builds
        if builds is None:
            return frozenset()
        return builds.patched(self.origin(resource).path, resource.namespace, resource.name, resource.kind)

    def find(self, kind: str, namespace: str, name: str, group: str | None = None) -> Sequence[Resource]:
        """The resources of this name, in any variant and under every identity, opaque and unmodelled ones too.

        `group` narrows kinds that two API groups have (`Gateway`).
        """
        found = self._names.get((kind, namespace, name), ())
        if group is None:
            return found
        return [resource for resource in found if resource.api_version.rpartition("/")[0] == group]

    def names(self, kind: str, namespace: str) -> Sequence[str]:
        """The names of all resources of a kind in a namespace, each once, under every identity."""
        return self._names_in.get((kind, namespace), ())

    def namespaces_of(self, kind: str, name: str) -> Sequence[str]:
        """The namespaces that hold a resource of this kind and name."""
        return self._namespaces_of.get((kind, name), ())

    @cached_property
    def _names(self) -> dict[tuple[str, str, str], Sequence[Resource]]:
        index: dict[tuple[str, str, str], Sequence[Resource]] = {}
        several: dict[tuple[str, str, str], list[Resource]] = {}
        for entry in self.entries:
            for namespace, name in self.identities(entry.resource):
                key = (entry.resource.kind, namespace, name)
                first = index.setdefault(key, (entry.resource,))  # a list for each would take twice the room
                if first[0] is not entry.resource:
                    several.setdefault(key, [first[0]]).append(entry.resource)
        return {**index, **several} if several else index

    @cached_property
    def _names_in(self) -> dict[tuple[str, str], list[str]]:
        index: dict[tuple[str, str], list[str]] = {}
        for kind, namespace, name in self._names:
            index.setdefault((kind, namespace), []).append(name)
        return index

    @cached_property
    def _namespaces_of(self) -> dict[tuple[str, str], list[str]]:
        index: dict[tuple[str, str], list[str]] = {}
        for kind, namespace, name in self._names:
            index.setdefault((kind, name), []).append(namespace)
        return index

    @cached_property
    def settings(self) -> "Settings":
        """What the mesh is set to: root namespace, trust domain, auto mTLS, default retries, ..."""
        from meshlint.mesh.settings import Settings

        return Settings(self)

    @cached_property
    def trust(self) -> "Trust":
        """May a name that is not found be called missing?"""
        from meshlint.mesh.trust import Trust

        return Trust(self)

    @cached_property
    def hosts(self) -> "Hosts":
        """Which service does a host name, from a namespace?"""
        from meshlint.mesh.hosts import Hosts

        return Hosts(self)

    @cached_property
    def visibility(self) -> "Visibility":
        """Who may see a resource: exportTo?"""
        from meshlint.mesh.visibility import Visibility

        return Visibility(self)

    @cached_property
    def sidecars(self) -> "Sidecars":
        """Which Sidecar is in force for a workload, and which services does it let through?"""
        from meshlint.mesh.sidecars import Sidecars

        return Sidecars(self)

    @cached_property
    def destination_rules(self) -> "DestinationRules":
        """Which DestinationRule applies to a client, which subsets exist?"""
        from meshlint.mesh.destination_rules import DestinationRules

        return DestinationRules(self)

    @cached_property
    def delegates(self) -> "Delegates":
        """Which routes does a VirtualService have once its delegates are merged in?"""
        from meshlint.mesh.delegates import Delegates

        return Delegates(self)

    @cached_property
    def gateways(self) -> "Gateways":
        """Which Gateway does a reference name, which servers take a host?"""
        from meshlint.mesh.gateways import Gateways

        return Gateways(self)

    @cached_property
    def workloads(self) -> "Workloads":
        """What runs pods, with which labels, ports and account?"""
        from meshlint.mesh.workloads import Workloads

        return Workloads(self)

    @cached_property
    def selectors(self) -> "Selectors":
        """Which workloads does a selector pick?"""
        from meshlint.mesh.selectors import Selectors

        return Selectors(self)

    @cached_property
    def services(self) -> "Services":
        """Which Services select a workload, which ports lead where?"""
        from meshlint.mesh.services import Services

        return Services(self)

    @cached_property
    def injection(self) -> "Injection":
        """Is a workload injected, ambient, a gateway?"""
        from meshlint.mesh.injection import Injection

        return Injection(self)

    @cached_property
    def accounts(self) -> "Accounts":
        """Which identities exist, and who runs as which?"""
        from meshlint.mesh.accounts import Accounts

        return Accounts(self)

    @cached_property
    def mtls(self) -> "MutualTLS":
        """What is the effective mTLS mode of a port, of a client?"""
        from meshlint.mesh.mtls import MutualTLS

        return MutualTLS(self)

    @cached_property
    def authorization(self) -> "Authorization":
        """May a request reach a workload, and which policies decide?"""
        from meshlint.mesh.authorization import Authorization

        return Authorization(self)

    @cached_property
    def layer7(self) -> "Layer7":
        """Which rules for HTTP are about a port of a Service?"""
        from meshlint.mesh.layer7 import Layer7

        return Layer7(self)

    @cached_property
    def callers(self) -> "Callers":
        """Who calls whom, as far as files show it?"""
        from meshlint.mesh.callers import Callers

        return Callers(self)

    @cached_property
    def outsiders(self) -> "Outsiders":
        """Who calls workloads from outside of the mesh, as far as files show it?"""
        from meshlint.mesh.outsiders import Outsiders

        return Outsiders(self)

    @cached_property
    def gateway_workloads(self) -> "GatewayWorkloads":
        """Which pods are a Gateway's, and which ports do Services lead to them?"""
        from meshlint.mesh.gateway_workloads import GatewayWorkloads

        return GatewayWorkloads(self)

    @cached_property
    def credentials(self) -> "Credentials":
        """Which Secret does a `credentialName` mean?"""
        from meshlint.mesh.credentials import Credentials

        return Credentials(self)

    @cached_property
    def route_claims(self) -> "RouteClaims":
        """Which VirtualServices claim the same host?"""
        from meshlint.mesh.route_claims import RouteClaims

        return RouteClaims(self)

    @cached_property
    def selections(self) -> "Selections":
        """Which Sidecars, or which Telemetries, are about the same pods?"""
        from meshlint.mesh.selections import Selections

        return Selections(self)

    @cached_property
    def injectors(self) -> "Injectors":
        """Which webhooks inject sidecars, and which are called for the same pod?"""
        from meshlint.mesh.webhooks import Injectors

        return Injectors(self)

    @cached_property
    def token_checks(self) -> "TokenChecks":
        """Which workloads check tokens?"""
        from meshlint.mesh.token_checks import TokenChecks

        return TokenChecks(self)

    @cached_property
    def subsets(self) -> "Subsets":
        """Which routes lead to a subset, and which pods belong to it?"""
        from meshlint.mesh.subsets import Subsets

        return Subsets(self)

    @cached_property
    def server_conflicts(self) -> "ServerConflicts":
        """Which servers of Gateways get into each other's way?"""
        from meshlint.mesh.server_conflicts import ServerConflicts

        return ServerConflicts(self)

    @cached_property
    def scrapes(self) -> "Scrapes":
        """Which ports does Prometheus scrape in plain text?"""
        from meshlint.mesh.scrapes import Scrapes

        return Scrapes(self)

    @cached_property
    def entry_protocols(self) -> "EntryProtocols":
        """Which ServiceEntries give one port different protocols?"""
        from meshlint.mesh.entry_protocols import EntryProtocols

        return EntryProtocols(self)

    @cached_property
    def registries(self) -> "Registries":
        """Which clusters does a mesh of several know?"""
        from meshlint.mesh.registries import Registries

        return Registries(self)

    @cached_property
    def providers(self) -> "Providers":
        """Which extension providers does mesh config define?"""
        from meshlint.mesh.providers import Providers

        return Providers(self)

    @cached_property
    def namespaces(self) -> "Namespaces":
        """Which namespaces does a name or a pattern mean?"""
        from meshlint.mesh.namespaces import Namespaces

        return Namespaces(self)

    @cached_property
    def enrolment(self) -> "Enrolment":
        """Which namespaces were meant to be in the mesh, but have no label?"""
        from meshlint.mesh.enrolment import Enrolment

        return Enrolment(self)

    @cached_property
    def port_protocols(self) -> "PortProtocols":
        """Do the Services of a workload agree on the protocol of its ports?"""
        from meshlint.mesh.port_protocols import PortProtocols

        return PortProtocols(self)

    @cached_property
    def routing(self) -> "Routing":
        """What becomes of a request?"""
        from meshlint.mesh.routing import Routing

        return Routing(self)

    @cached_property
    def call_graph(self) -> "CallGraph":
        """Which chains of calls does configuration show, and how often is a request tried on them?"""
        from meshlint.mesh.callgraph import CallGraph

        return CallGraph(self, guessed=False)

    @cached_property
    def attachment(self) -> "Attachment":
        """Which policies does a gateway of the Gateway API take notice of?"""
        from meshlint.mesh.attachment import Attachment

        return Attachment(self)
