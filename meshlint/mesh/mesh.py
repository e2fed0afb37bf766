"""`Mesh`: all resources of the input, and the way to every question about them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from meshlint.mesh.context import Context, Entry, Origin
from meshlint.model.base import Opaque, Resource

if TYPE_CHECKING:
    from meshlint.mesh.accounts import Accounts
    from meshlint.mesh.destination_rules import DestinationRules
    from meshlint.mesh.gateways import Gateways
    from meshlint.mesh.hosts import Hosts
    from meshlint.mesh.injection import Injection
    from meshlint.mesh.mtls import MutualTLS
    from meshlint.mesh.selectors import Selectors
    from meshlint.mesh.services import Services
    from meshlint.mesh.settings import Settings
    from meshlint.mesh.trust import Trust
    from meshlint.mesh.visibility import Visibility
    from meshlint.mesh.workloads import Workloads

R = TypeVar("R", bound=Resource)


class Mesh:
    """The typed object graph. Indexes are built on first use, once; nothing in it ever changes."""

    def __init__(self, entries: Iterable[Entry], context: Context | None = None) -> None:
        self.context = context or Context()
        self.entries = tuple(entries)
        self._by_type: dict[type[Resource], list[Resource]] = {}
        self._origins: dict[Resource, Origin] = {}
        for entry in self.entries:
            self._by_type.setdefault(type(entry.resource), []).append(entry.resource)
            self._origins[entry.resource] = entry.origin
        self.unknown: Counter[str] = Counter()
        """How often a reference could not be judged from these files, by kind of reference."""

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every resource of a kind, in the order of the input."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    @property
    def judged(self) -> Iterable[Entry]:
        """The entries that rules judge: those whose content could be read."""
        return (entry for entry in self.entries if not isinstance(entry.resource, Opaque))

    def origin(self, resource: Resource) -> Origin:
        """Where a resource was written."""
        return self._origins[resource]

    def namespace(self, resource: Resource) -> str:
        """The namespace a resource lives in: its own, or the one of `--namespace`."""
        return resource.namespace or self.context.namespace

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
        """Who may see a resource: exportTo, Sidecar egress?"""
        from meshlint.mesh.visibility import Visibility

        return Visibility(self)

    @cached_property
    def destination_rules(self) -> "DestinationRules":
        """Which DestinationRule applies to a client, which subsets exist?"""
        from meshlint.mesh.destination_rules import DestinationRules

        return DestinationRules(self)

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
