"""GRPCRoute: which gRPC calls go where."""

from collections.abc import Iterator
from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import (
    BackendObjectReference,
    BackendRef,
    HTTPHeaderFilter,
    HTTPRequestMirrorFilter,
    LocalObjectReference,
    ParentReference,
    SessionPersistence,
)


class GRPCMethodMatch(Message, frozen=True):
    """A condition on service and method."""

    type: str | None = None
    """`Exact` (the default) or `RegularExpression`."""
    service: str | None = None
    """With its package; absent: any."""
    method: str | None = None


class GRPCHeaderMatch(Message, frozen=True):
    """A condition on a header."""

    type: str | None = None
    """`Exact` (the default) or `RegularExpression`."""
    name: str | None = None
    value: str | None = None


class GRPCRouteMatch(Message, frozen=True):
    """Conditions on a call. All of one match must hold; of the list of matches one suffices."""

    method: GRPCMethodMatch | None = None
    headers: tuple[GRPCHeaderMatch, ...] | None = None


class GRPCRouteFilter(Message, frozen=True):
    """Something done to calls or answers; `type` says which of the fields holds."""

    type: str | None = None
    request_header_modifier: HTTPHeaderFilter | None = None
    response_header_modifier: HTTPHeaderFilter | None = None
    request_mirror: HTTPRequestMirrorFilter | None = None
    extension_ref: LocalObjectReference | None = None


class GRPCBackendRef(BackendRef, frozen=True):
    """A backend with its share of the calls, and filters of its own."""

    filters: tuple[GRPCRouteFilter, ...] | None = None


class GRPCRouteRule(Message, frozen=True):
    """One rule. Across all rules the most specific match wins, not the first."""

    name: str | None = None
    matches: tuple[GRPCRouteMatch, ...] | None = None
    """Absent or empty: every call."""
    filters: tuple[GRPCRouteFilter, ...] | None = None
    backend_refs: tuple[GRPCBackendRef, ...] | None = None
    session_persistence: SessionPersistence | None = None

    def all_filters(self) -> Iterator[GRPCRouteFilter]:
        """The filters of the rule, then those of its backends."""
        yield from self.filters or ()
        for backend in self.backend_refs or ():
            yield from backend.filters or ()

    def backends(self) -> Iterator[BackendObjectReference]:
        """Every backend of the rule: those of `backend_refs`, then those that receive mirrored calls."""
        yield from self.backend_refs or ()
        for route_filter in self.all_filters():
            if route_filter.request_mirror and route_filter.request_mirror.backend_ref:
                yield route_filter.request_mirror.backend_ref


class GRPCRouteSpec(Message, frozen=True):
    """What a GRPCRoute says."""

    parent_refs: tuple[ParentReference, ...] | None = None
    hostnames: tuple[str, ...] | None = None
    """Narrowed to those of the listener; absent: all of the listener's."""
    rules: tuple[GRPCRouteRule, ...] | None = None
    use_default_gateways: str | None = None


class GRPCRoute(Resource, frozen=True):
    """Routes gRPC calls."""

    spec: GRPCRouteSpec | None = None
    status: Any = None

    @property
    def parents(self) -> tuple[ParentReference, ...]:
        """The parents as written."""
        return self.spec.parent_refs or () if self.spec else ()

    def backends(self) -> Iterator[BackendObjectReference]:
        """Every backend of every rule, mirrors included."""
        for rule in (self.spec.rules if self.spec else None) or ():
            yield from rule.backends()
