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


def is_relative(patch: EnvoyConfigObjectPatch) -> bool:
    """Whether the effect of a patch depends on what is there already."""
    operation = patch.patch.operation if patch.patch else None
    if operation == "REMOVE":
        return patch.apply_to not in {"ROUTE_CONFIGURATION", "HTTP_ROUTE"}
    if operation == "REPLACE":
        return patch.apply_to in {"NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST"}
    return operation in {"INSERT_BEFORE", "INSERT_AFTER"}
