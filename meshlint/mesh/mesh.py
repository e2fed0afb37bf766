"""`Mesh`: all resources of the input, and the way to every question about them."""

from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.inventory import Inventory

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


class Mesh(Inventory):
    """The typed object graph: what there is, and the questions that rules ask of it, each answered by one class."""

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
    def has_delegates(self) -> bool:
        """Whether any route is a delegate's; cheap, since most meshes have none."""
        return any(route.delegate for item in self.of_class("VirtualService") for route in item.http)

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
