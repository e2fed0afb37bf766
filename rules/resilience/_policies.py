"""Each part of a DestinationRule that is in force as a policy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshlint.api import DestinationRule
    from meshlint.model.networking.traffic_policy import PortTrafficPolicy, TrafficPolicy

    Policy = TrafficPolicy | PortTrafficPolicy


def policies(destination_rule: DestinationRule) -> Iterator[Policy]:
    """The policy of the host, those of subsets, and their entries for ports."""
    for policy in destination_rule.traffic_policies():
        yield policy
        yield from policy.port_level_settings or ()
