"""The patches of an EnvoyFilter, and what they match."""

from collections.abc import Iterator

from meshlint.api import EnvoyFilter
from meshlint.model.networking.envoy_filter import EnvoyConfigObjectPatch, FilterMatch


def checked_patches(envoy_filter: EnvoyFilter) -> Iterator[EnvoyConfigObjectPatch]:
    """Every patch but those for waypoints, which istiod does not check."""
    for patch in (envoy_filter.spec and envoy_filter.spec.config_patches) or ():
        if patch.match is None or patch.match.context != "WAYPOINT":
            yield patch


def matched_filter(patch: EnvoyConfigObjectPatch) -> FilterMatch | None:
    """The network filter that a patch of listeners matches by."""
    listener = patch.match.listener if patch.match else None
    return listener.filter_chain.filter if listener and listener.filter_chain else None
