"""DestinationRule: the subsets of a host, and the policy towards it."""

from functools import lru_cache
from typing import Any

from meshlint.model.base import TOGETHER, Message
from meshlint.model.networking.traffic_policy import ClientTLSSettings, PortTrafficPolicy, TrafficPolicy
from meshlint.model.selection import WorkloadSelecting, WorkloadSelector


class Subset(Message, frozen=True):
    """A named part of the endpoints of a host."""

    name: str | None = None
    labels: dict[str, str] | None = None
    """Labels of the endpoints' pods. Absent or empty: all endpoints."""
    traffic_policy: TrafficPolicy | None = None
    """In force only for traffic that a route sends to this subset by name."""


class DestinationRuleSpec(Message, frozen=True):
    """What a DestinationRule says."""

    host: str | None = None
    """A service of the registry, maybe with a wildcard. A name without dots gets the *rule's* namespace."""
    traffic_policy: TrafficPolicy | None = None
    subsets: tuple[Subset, ...] | None = None
    export_to: tuple[str, ...] | None = None
    """Namespaces whose proxies see it; `.` is the own, `*` all (the default, unless mesh config says otherwise)."""
    workload_selector: WorkloadSelector | None = None
    """Clients of the rule's own namespace that use it; absent: all that may see it."""


class DestinationRule(WorkloadSelecting, frozen=True):
    """Sets how clients speak to a host, after routing."""

    spec: DestinationRuleSpec | None = None
    status: Any = None

    @property
    def subsets(self) -> tuple[Subset, ...]:
        """The subsets it defines."""
        return self.spec.subsets or () if self.spec else ()

    def traffic_policies(self) -> tuple[TrafficPolicy, ...]:
        """The policy of the host, then those of the subsets, as far as they are written."""
        if self.spec is None:
            return ()
        found = [self.spec.traffic_policy] if self.spec.traffic_policy else []
        for subset in self.spec.subsets or ():
            if subset.traffic_policy:
                found.append(subset.traffic_policy)
        return tuple(found)

    def policies(self) -> tuple[TrafficPolicy | PortTrafficPolicy, ...]:
        """The same, each followed by its entries for ports."""
        return _policies(self)

    def tls_settings(self) -> list[ClientTLSSettings]:
        """Every `tls` that it writes: for the host, for subsets, for ports of either."""
        return [policy.tls for policy in self.policies() if policy.tls]


@lru_cache(maxsize=TOGETHER)
def _policies(rule: DestinationRule) -> tuple[TrafficPolicy | PortTrafficPolicy, ...]:
    found: list[TrafficPolicy | PortTrafficPolicy] = []
    for policy in rule.traffic_policies():
        found += policy.parts()
    return tuple(found)
