"""Each part of a DestinationRule that is in force as a policy of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.model.base import TOGETHER

if TYPE_CHECKING:
    from meshlint.api import DestinationRule
    from meshlint.model.networking.traffic_policy import PortTrafficPolicy, TrafficPolicy

    Policy = TrafficPolicy | PortTrafficPolicy


@lru_cache(maxsize=TOGETHER)
def policies(destination_rule: DestinationRule) -> tuple[Policy, ...]:
    """The policy of the host, those of subsets, and their entries for ports."""
    found: list[Policy] = []
    for policy in destination_rule.traffic_policies():
        found.append(policy)
        if policy.port_level_settings:
            found += policy.port_level_settings
    return tuple(found)
