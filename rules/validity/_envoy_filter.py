"""What istiod refuses in an EnvoyFilter: reference rows ef-*, in the order of the object (`ValidateEnvoyFilter`).

Of a patch only the first fault is told, as istiod does. What it says of `patch.value` is in `_envoy_value.py`.
"""

from meshlint.api import EnvoyFilter, Target
from meshlint.model.networking.envoy_filter import (
    EnvoyConfigObjectMatch,
    EnvoyConfigObjectPatch,
    EnvoyFilterSpec,
    FilterMatch,
)
from meshlint.values.labels import bad_selector
from meshlint.values.regex import syntax_error

from ._envoy_value import value_faults
from ._frame import Faults, fault, selector, since

_LISTENERS = frozenset({"LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER"})
_ROUTES = frozenset({"ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE"})
_CONNECTION_MANAGERS = frozenset({"envoy.filters.network.http_connection_manager", "envoy.http_connection_manager"})
_LONGEST_VERSION = 1024


def envoy_filter(given: EnvoyFilter, target: Target) -> Faults:
    """Every row; istiod stops at a bad selector."""
    spec = given.spec or EnvoyFilterSpec()
    if spec.workload_selector is not None and bad_selector(spec.workload_selector.labels or {}):
        yield from selector(spec.workload_selector, "labels", spec.workload_selector.labels)  # row ef-selector
        return
    for patch in spec.config_patches or ():
        if patch.match is not None and patch.match.context == "WAYPOINT" and since(target, "1.29"):
            continue  # row ef-waypoint-skip
        first = next(_patch(patch, target), None)
        if first is not None:
            yield first
        elif patch.patch is not None and patch.patch.value is not None:
            yield from value_faults(patch.apply_to or "", patch.patch)


def _patch(patch: EnvoyConfigObjectPatch, target: Target) -> Faults:
    yield from ef_applyto(patch)
    yield from ef_patch(patch)
    yield from ef_operation(patch)
    yield from ef_value(patch)
    if patch.match is not None:
        yield from ef_proxyversion(patch.match, target)
        yield from _match(patch, patch.match)


def ef_applyto(patch: EnvoyConfigObjectPatch) -> Faults:
    """Which objects are patched has to be said."""
    if patch.apply_to in {None, "INVALID"}:
        yield fault(
            patch,
            "apply_to",
            what="a patch without `applyTo`",
            why="it says not what it patches",
            help="write `applyTo: HTTP_FILTER`, `CLUSTER` or whatever is to be patched",
        )


def ef_patch(patch: EnvoyConfigObjectPatch) -> Faults:
    """The patch itself has to be there."""
    if patch.patch is None:
        yield fault(
            patch,
            "patch",
            what="an entry without `patch`",
            why="it changes nothing",
            help="write `patch: {operation: MERGE, value: ...}`",
        )


def ef_operation(patch: EnvoyConfigObjectPatch) -> Faults:
    """What to do has to be said."""
    if patch.patch is not None and patch.patch.operation in {None, "INVALID"}:
        yield fault(
            patch.patch,
            "operation",
            what="a patch without `operation`",
            why="it may add, change or remove",
            help="write `operation: MERGE`, `ADD`, `INSERT_BEFORE` or another",
        )


def ef_value(patch: EnvoyConfigObjectPatch) -> Faults:
    """Every operation but REMOVE has a value."""
    if patch.patch is not None and patch.patch.value is None and patch.patch.operation != "REMOVE":
        yield fault(
            patch.patch,
            "value",
            what=f"`operation: {patch.patch.operation}` without `value`",
            why="only REMOVE needs none",
            help="write the Envoy configuration as `value`",
        )


def ef_proxyversion(match: EnvoyConfigObjectMatch, target: Target) -> Faults:
    """A regular expression in RE2's syntax; a longer one than 1024 characters is ignored since 1.31."""
    version = (match.proxy and match.proxy.proxy_version) or ""
    if not version or (len(version) > _LONGEST_VERSION and since(target, "1.31")):
        return
    reason = syntax_error(version)
    if reason:
        yield fault(
            match.proxy,
            "proxy_version",
            what=f"`proxyVersion: {version}`",
            why=reason,
            help="write a regular expression in RE2's syntax, such as `^1\\.24.*`",
        )


def _match(patch: EnvoyConfigObjectPatch, match: EnvoyConfigObjectMatch) -> Faults:
    if patch.apply_to in _LISTENERS:
        yield from ef_listener_match(patch, match)
        if match.listener is not None and match.listener.filter_chain is not None:
            found = match.listener.filter_chain.filter
            if found is not None:
                yield from ef_filter_name(found)
                yield from _sub_filter(patch, found)
    elif patch.apply_to in _ROUTES:
        yield from ef_route_match(patch, match)
    elif patch.apply_to == "CLUSTER":
        yield from ef_cluster_match(match)


def ef_listener_match(patch: EnvoyConfigObjectPatch, match: EnvoyConfigObjectMatch) -> Faults:
    """Listeners and what is in them are matched by `listener`."""
    yield from _other_match(patch.apply_to or "", match, "listener", ("route_configuration", "cluster", "waypoint"))


def ef_route_match(patch: EnvoyConfigObjectPatch, match: EnvoyConfigObjectMatch) -> Faults:
    """Routes and what they lie in are matched by `routeConfiguration`."""
    yield from _other_match(patch.apply_to or "", match, "routeConfiguration", ("listener", "cluster", "waypoint"))


def ef_cluster_match(match: EnvoyConfigObjectMatch) -> Faults:
    """Clusters are matched by `cluster`."""
    yield from _other_match("CLUSTER", match, "cluster", ("listener", "route_configuration", "waypoint"))


_SPELLED = {"route_configuration": "routeConfiguration"}


def _other_match(apply_to: str, match: EnvoyConfigObjectMatch, wanted: str, others: tuple[str, ...]) -> Faults:
    found = next((name for name in others if getattr(match, name) is not None), None)
    if found is not None:
        spelled = _SPELLED.get(found, found)
        yield fault(
            match,
            found,
            what=f"`match.{spelled}` with `applyTo: {apply_to}`",
            why=f"such objects are matched by `{wanted}`",
            help=f"write `{wanted}` instead of `{spelled}`, or correct `applyTo`",
        )


def ef_filter_name(found: FilterMatch) -> Faults:
    """A filter is matched by its name."""
    if not found.name:
        yield fault(
            found,
            "name",
            what="a match of a filter without `name`",
            why="filters are matched by name",
            help="write the name, such as `envoy.filters.network.http_connection_manager`",
        )


def _sub_filter(patch: EnvoyConfigObjectPatch, found: FilterMatch) -> Faults:
    if found.sub_filter is None:
        return
    yield from ef_subfilter_applyto(patch, found)
    yield from ef_subfilter_hcm(found)
    yield from ef_subfilter_name(found)


def ef_subfilter_applyto(patch: EnvoyConfigObjectPatch, found: FilterMatch) -> Faults:
    """Only HTTP filters lie in another filter."""
    if patch.apply_to != "HTTP_FILTER":
        yield fault(
            found,
            "sub_filter",
            what=f"`subFilter` with `applyTo: {patch.apply_to}`",
            why="only HTTP filters lie in another filter",
            help="write `applyTo: HTTP_FILTER`, or remove `subFilter`",
        )


def ef_subfilter_hcm(found: FilterMatch) -> Faults:
    """HTTP filters lie in the connection manager."""
    if found.name not in _CONNECTION_MANAGERS:
        yield fault(
            found,
            "name",
            what=f"`subFilter` of the filter `{found.name}`",
            why="HTTP filters lie in the HTTP connection manager",
            help="write `name: envoy.filters.network.http_connection_manager`",
        )


def ef_subfilter_name(found: FilterMatch) -> Faults:
    """A sub-filter is matched by its name."""
    if found.sub_filter is not None and not found.sub_filter.name:
        yield fault(
            found.sub_filter,
            "name",
            what="a `subFilter` without `name`",
            why="filters are matched by name",
            help="write the name of the HTTP filter, such as `envoy.filters.http.router`",
        )
