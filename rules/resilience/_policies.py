"""Each part of a DestinationRule that is in force as a policy of its own."""

from collections.abc import Sequence

from meshlint.api import DestinationRule
from meshlint.model.networking.traffic_policy import PortTrafficPolicy, TrafficPolicy

Policy = TrafficPolicy | PortTrafficPolicy


def policies(destination_rule: DestinationRule) -> Sequence[Policy]:
    """The policy of the host, those of subsets, and their entries for ports."""
    found: list[Policy] = []
    for policy in destination_rule.traffic_policies():
        found.append(policy)
        found += policy.port_level_settings or ()
    return found
