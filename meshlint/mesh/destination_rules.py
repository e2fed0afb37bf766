"""Which DestinationRule applies to a client, and which subsets does it define?

`pilot/pkg/model/push_context.go` (`destinationRule`, `setDestinationRules`) and
`pilot/pkg/model/destination_rule.go` (`mergeDestinationRule`) decide:

* The client's namespace is asked first, then the service's, then the root namespace; the first
  that has a rule for the host wins. Nothing is merged across namespaces.
* Of a namespace, only the most specific host counts. That its rule is not exported to the client
  does not bring back a less specific one.
* In the root namespace a client starts with its private rules only.
* Rules of one host and one namespace are merged, oldest first: subsets add up, the first of a name
  and the first `trafficPolicy` win. Rules with different `exportTo` stay apart, and the last counts.
* A rule with a `workloadSelector` holds for the clients it picks in its own namespace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.effective_policy import effective_policy
from meshlint.mesh.host_names import HostIndex, service_of
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.references import Reference, found
from meshlint.mesh.rule_merging import Labels, MergedRules, choose, merge, merge_order
from meshlint.mesh.trust import Sought
from meshlint.mesh.visibility import written_exports
from meshlint.model.base import Opaque, Resource
from meshlint.model.kubernetes.service import Service

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.networking.destination_rule import DestinationRule, Subset
    from meshlint.model.networking.traffic_policy import TrafficPolicy

    Rules = tuple[DestinationRule, ...]


class Lookup(msgspec.Struct, frozen=True, eq=False):
    """The rules that apply to a client, merged."""

    answer: Answer
    """YES: these rules, and no others of the input. NO: none, and the input is the whole mesh.

    UNKNOWN: another rule may apply: one that could not be read, a variant, one that picks the
    client by labels that are not known, or, where none was found, one that the input lacks.
    """
    rules: Rules = ()
    """In the order in which they are merged."""
    namespace: str | None = None
    """Where they were found."""
    host: str | None = None
    """The most specific host: theirs."""

    def subset(self, name: str) -> tuple[DestinationRule, Subset] | None:
        """Give the subset of this name, and the rule it is written in."""
        for rule in self.rules:
            for item in rule.subsets:
                if item.name == name:
                    return rule, item
        return None

    def subsets(self) -> dict[str, tuple[DestinationRule, Subset]]:
        """Give the subsets in force by name, each with the rule it is written in."""
        found_subsets: dict[str, tuple[DestinationRule, Subset]] = {}
        for rule in self.rules:
            for item in rule.subsets:
                found_subsets.setdefault(item.name or "", (rule, item))
        return found_subsets

    def top_policy(self) -> tuple[DestinationRule, TrafficPolicy] | None:
        """Give the policy of the host as a whole, and the rule it is written in."""
        for rule in self.rules:
            if rule.spec and rule.spec.traffic_policy:
                return rule, rule.spec.traffic_policy
        return None

    def policy(self, port: int | None = None, subset: str | None = None) -> TrafficPolicy | None:
        """Give what is in force for a port of the service, and for a subset of the host if one is named.

        Its fields are the very objects of the rules, so that `at(rule, policy.tls)` names a place;
        `port_level_settings` is left only where no port is given.
        """
        top = self.top_policy()
        named = self.subset(subset) if subset else None
        return effective_policy(top[1] if top else None, named[1].traffic_policy if named else None, port)


class _Namespace(msgspec.Struct, frozen=True, eq=False):
    """The rules of one namespace by host: for its own clients, for others, and for nobody else."""

    local: HostIndex[DestinationRule]
    exported: HostIndex[DestinationRule]
    private: HostIndex[DestinationRule]


class DestinationRules:
    """The rules of all namespaces. A look-up costs a few dict look-ups, whatever the number of rules."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._candidates_of: dict[tuple[str, str], tuple[str, str, list[MergedRules]] | None] = {}
        self._merged_of: dict[int, list[MergedRules]] = {}
        self._applicable_of: dict[tuple[str, str], dict[DestinationRule, None]] = {}
        self._subsets_of: dict[tuple[str, str], dict[str, tuple[DestinationRule, Subset]]] = {}
        self._nearest_of: dict[tuple[str, str], Nearest] = {}
        self._together: dict[MergedRules, tuple[bool, Rules]] = {}
        self._defined: dict[str, Mapping[str, Reference]] = {}
        self._found: dict[tuple[str, str], Lookup] = {}

    def for_host(self, host: str, client_namespace: str, labels: Labels | None = None) -> Lookup:
        """Give the rules in force for clients of a namespace, with these labels if they are known.

        `host` is read as written in that namespace.
        """
        fqdn = self._mesh.hosts.fqdn(host, client_namespace)
        if labels is not None:
            return self._for_host(fqdn, client_namespace, labels)
        key = (fqdn, client_namespace)
        lookup = self._found.get(key)
        if lookup is None:
            lookup = self._found[key] = self._for_host(fqdn, client_namespace, None)
        return lookup

    def _for_host(self, fqdn: str, client_namespace: str, labels: Labels | None) -> Lookup:
        candidates = self._candidates(fqdn, client_namespace)
        clouded = self._is_clouded(fqdn, client_namespace)
        if candidates is None:
            complete = self._mesh.context.scope is Scope.COMPLETE and not clouded
            return Lookup(Answer.NO if complete else Answer.UNKNOWN)
        namespace, rule_host, groups = candidates
        chosen, certain = choose(groups, namespace == client_namespace, labels)
        if chosen is None:
            return Lookup(Answer.UNKNOWN, (), namespace, rule_host)
        together, rules = self._belonging_together(chosen)
        certain = certain and together and not clouded
        return Lookup(Answer.YES if certain else Answer.UNKNOWN, rules, namespace, rule_host)

    def subsets(self, host: str, client_namespace: str) -> Mapping[str, tuple[DestinationRule, Subset]]:
        """Give the subsets that some client of the namespace may name, each with a rule that defines it."""
        return self._subsets(self._mesh.hosts.fqdn(host, client_namespace), client_namespace)

    def subset(self, host: str, name: str, referrer: Resource, client_namespace: str | None = None) -> Reference:
        """Follow a subset that a route of `referrer` names. `found` are rules that define it.

        Clients of a route are seldom known: without `client_namespace` the subset is found if any
        rule defines it that is in force for somebody, and missing if rules for this very host are
        in force for clients of the referrer's namespace, but none defines it.
        """
        homes = self._mesh.homes(referrer)
        for namespace in homes:
            fqdn = self._mesh.hosts.fqdn(host, namespace)
            definition = self._definitions(fqdn).get(name)
            if definition is not None and client_namespace is not None:
                rules = [rule for rule in definition.found if rule in self._applicable(fqdn, client_namespace)]
                definition = found(*rules) if rules else None
            if definition is not None:
                return definition
        clients = homes if client_namespace is None else (client_namespace,)
        hosts = dict.fromkeys(self._mesh.hosts.fqdn(host, namespace) for namespace in homes)
        return self._absent([(fqdn, client) for fqdn in hosts for client in clients], host, name, referrer)

    def wider(self, rule: DestinationRule) -> Iterator[DestinationRule]:
        """Give the rules of wider hosts that this one takes the place of for clients of its namespace, nearest first."""
        for space in self._mesh.homes(rule):
            host = self._mesh.hosts.fqdn((rule.spec.host if rule.spec else None) or "*", space)
            for home in () if host.startswith("*") else dict.fromkeys((space, self._mesh.settings.root_namespace)):
                rules = self._namespaces.get(home)
                for other in (rules.local if home == space else rules.exported).covering(host) if rules else ():
                    own = other.spec.host if other.spec else None
                    if own and self._mesh.hosts.fqdn(own, home) != host:
                        yield other

    def _absent(self, asked: Sequence[tuple[str, str]], host: str, name: str, referrer: Resource) -> Reference:
        rules = next(filter(None, (self._applicable(*key) for key in asked)), None)
        namespace = self._mesh.namespace(next(iter(rules)) if rules else referrer)
        sought = Sought("subset", namespace, f"{name} of {host}", referrer)
        clouded = any(self._is_clouded(fqdn, client) for fqdn, client in asked)
        patched = bool(self._patched) and not self._patched.isdisjoint(rules or ())
        if clouded or patched or self._may_be_brought(host, name, referrer):
            return self._mesh.trust.unknown(sought)
        return self._mesh.trust.judge(sought, lambda: self._near(asked, name), lambda: self._is_about(asked))

    @cached_property
    def tls_modes(self) -> frozenset[str]:
        """The modes of `tls` that some rule writes, be it for a subset or a port; DISABLE where it writes none."""
        rules: Sequence[DestinationRule] = self._mesh.of_class("DestinationRule")
        return frozenset(tls.mode or "DISABLE" for rule in rules for tls in rule.tls_settings())

    @cached_property
    def _patched(self) -> frozenset[DestinationRule]:
        """The rules that a kustomize build changes beside their traffic policy: it may add subsets."""
        return frozenset(
            rule
            for rule in self._mesh.of_class("DestinationRule")
            if any(field[:2] != ("spec", "trafficPolicy") for field in self._mesh.changes(rule))
        )

    def _may_be_brought(self, host: str, name: str, referrer: Resource) -> bool:
        """Whether `kubectl -n` may bring route and rule together: one of them has no namespace, the names are short."""
        floating = self._by_short_host.get((host, name), ())
        return bool(floating) and (referrer.namespace is None or None in floating)

    @cached_property
    def _by_short_host(self) -> dict[tuple[str, str], set[str | None]]:
        """The namespaces, as written, of the rules of a host without dots that define a subset."""
        index: dict[tuple[str, str], set[str | None]] = {}
        for rule in self._mesh.of_class("DestinationRule"):
            if rule.spec is not None and rule.spec.host and "." not in rule.spec.host:
                for subset in rule.subsets:
                    index.setdefault((rule.spec.host, subset.name or ""), set()).add(rule.namespace)
        return index

    def _is_about(self, asked: Sequence[tuple[str, str]]) -> bool:
        """Whether rules in force name the very host: beside a wildcard, the host's own may be elsewhere."""
        candidates = [(fqdn, self._candidates(fqdn, client)) for fqdn, client in asked]
        return any(found is not None and found[1] == fqdn.lower() for fqdn, found in candidates)

    def _near(self, asked: Sequence[tuple[str, str]], name: str) -> str | None:
        """The subset that was probably meant."""
        for key in asked:
            if key not in self._nearest_of:
                self._nearest_of[key] = Nearest(self._subsets(*key))
            near = self._nearest_of[key].of(name)
            if near is not None:
                return near
        return None

    def _subsets(self, fqdn: str, client: str) -> dict[str, tuple[DestinationRule, Subset]]:
        key = (fqdn, client)
        if key not in self._subsets_of:
            defined = self._subsets_of[key] = {}
            for rule in self._applicable(fqdn, client):
                for subset in rule.subsets:
                    defined.setdefault(subset.name or "", (rule, subset))
        return self._subsets_of[key]

    def _applicable(self, fqdn: str, client: str) -> Mapping[DestinationRule, None]:
        """The rules in force for some client of the namespace, whatever its labels, in the order of their merging."""
        key = (fqdn, client)
        if key not in self._applicable_of:
            candidates = self._candidates(fqdn, client)
            applicable = self._applicable_of[key] = {}
            for group in candidates[2] if candidates else ():
                applicable.update(dict.fromkeys(group.rules))
        return self._applicable_of[key]

    def _definitions(self, fqdn: str) -> Mapping[str, Reference]:
        """By subset, the rules that define it and are in force for somebody, at least in their own namespace."""
        defined = self._defined.get(fqdn)
        if defined is None:
            rules: dict[str, list[DestinationRule]] = {}
            for rule in self._with_subsets.covering(fqdn):
                if self._is_in_force(rule, fqdn):
                    for subset in rule.subsets:
                        definers = rules.setdefault(subset.name or "", [])
                        if not definers or definers[-1] is not rule:  # it may define a subset twice
                            definers.append(rule)
            defined = self._defined[fqdn] = {name: found(*definers) for name, definers in rules.items()}
        return defined

    def _is_in_force(self, rule: DestinationRule, fqdn: str) -> bool:
        """Whether clients of a namespace that the rule lives in use it for a host."""
        for namespace in self._mesh.homes(rule):  # noqa: SIM110 - a generator costs twice as much here
            if rule in self._applicable(fqdn, namespace):
                return True
        return False

    def _candidates(self, fqdn: str, client: str) -> tuple[str, str, list[MergedRules]] | None:
        """The namespace that wins, its host, and its rules for the client, merged as far as they are."""
        key = (fqdn, client)
        if key not in self._candidates_of:
            self._candidates_of[key] = self._look_up(fqdn, client)
        return self._candidates_of[key]

    def _look_up(self, fqdn: str, client: str) -> tuple[str, str, list[MergedRules]] | None:
        root = self._mesh.settings.root_namespace
        own = self._namespaces.get(client)
        if own is not None:
            rules = own.private if client == root else own.local
            hit = rules.most_specific(fqdn)
            if hit is not None:
                return client, hit[0], self._merged(hit[1])
        for namespace in dict.fromkeys((*self._service_namespaces(fqdn, client), root)):
            hit = self._namespaces[namespace].exported.most_specific(fqdn) if namespace in self._namespaces else None
            if hit is not None:
                groups = [group for group in self._merged(hit[1]) if self._is_exported(group, client)]
                if groups:
                    return namespace, hit[0], groups
        return None

    def _service_namespaces(self, fqdn: str, client: str) -> tuple[str, ...]:
        """The namespace of the service that clients of a namespace reach under a host.

        The client's own wins, then a Service of Kubernetes, then the first by name
        (`pickBestVisibleNamespace` in `pilot/pkg/model/sidecar.go` takes the oldest).
        """
        service = service_of(fqdn)
        if service is not None:
            return (service.namespace,)
        found_in = {
            namespace: isinstance(resource, Service)
            for resource in self._mesh.hosts.services(fqdn, client)
            for namespace in self._mesh.homes(resource)
        }
        best = sorted(found_in, key=lambda namespace: (namespace != client, not found_in[namespace], namespace))
        return tuple(best[:1])

    def _is_exported(self, group: MergedRules, client: str) -> bool:
        return not group.exports or "*" in group.exports or client in group.exports

    def _merged(self, rules: Sequence[DestinationRule]) -> list[MergedRules]:
        """The rules that an index holds for a host, merged once."""
        if id(rules) not in self._merged_of:
            self._merged_of[id(rules)] = merge(rules)
        return self._merged_of[id(rules)]

    def _is_clouded(self, fqdn: str, client: str) -> bool:
        """Whether a rule of the look-up path could not be read: it may be one for this host."""
        if not self._unread:
            return False
        service = service_of(fqdn)
        path = {client, self._mesh.settings.root_namespace, service.namespace if service else client}
        return not path.isdisjoint(self._unread)

    def _belonging_together(self, group: MergedRules) -> tuple[bool, Rules]:
        """Whether the merged rules are no alternatives of each other, and the rules."""
        if len(group.rules) == 1:
            return True, tuple(group.rules)
        if group not in self._together:
            first, *others = group.rules
            namespace = self._mesh.namespace(first)
            together = all(
                (rule.name != first.name or self._mesh.namespace(rule) != namespace)
                and self._mesh.trust.may_conflict(first, rule)
                for rule in others
            )
            self._together[group] = together, tuple(group.rules)
        return self._together[group]

    @cached_property
    def _unread(self) -> set[str]:
        return {
            namespace
            for resource in self._mesh.all(Opaque)
            if resource.kind == "DestinationRule"
            for namespace in self._mesh.homes(resource)
        }

    @cached_property
    def _namespaces(self) -> dict[str, _Namespace]:
        default = self._mesh.settings.default_destination_rule_export_to or ()
        index: dict[str, _Namespace] = {}
        for rule in sorted(self._mesh.of_class("DestinationRule"), key=merge_order):
            if rule.spec is None or not rule.spec.host:
                continue
            exports = written_exports(rule)
            for namespace in self._mesh.homes(rule):
                if namespace not in index:
                    index[namespace] = _Namespace(HostIndex(), HostIndex(), HostIndex())
                host = self._mesh.hosts.fqdn(rule.spec.host, namespace)
                if not exports or not exports.isdisjoint({"*", ".", namespace}):
                    index[namespace].local.add(host, rule)
                is_private = "." in default if not exports else exports in ({"."}, {namespace})
                (index[namespace].private if is_private else index[namespace].exported).add(host, rule)
        return index

    @cached_property
    def _with_subsets(self) -> HostIndex[DestinationRule]:
        """The rules that define subsets, by host, of all namespaces."""
        index: HostIndex[DestinationRule] = HostIndex()
        for rule in self._mesh.of_class("DestinationRule"):
            if rule.spec is not None and rule.spec.host and rule.spec.subsets:
                for host in {self._mesh.hosts.fqdn(rule.spec.host, namespace) for namespace in self._mesh.homes(rule)}:
                    index.add(host, rule)
        return index
