"""HTTPRoute: which HTTP requests go where."""

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


class HTTPPathMatch(Message, frozen=True):
    """A condition on the path."""

    type: str | None = None
    """`PathPrefix` (the default, by whole elements), `Exact` or `RegularExpression`."""
    value: str | None = None
    """`/` if absent."""


class HTTPHeaderMatch(Message, frozen=True):
    """A condition on a header."""

    type: str | None = None
    """`Exact` (the default) or `RegularExpression`."""
    name: str | None = None
    value: str | None = None


class HTTPQueryParamMatch(Message, frozen=True):
    """A condition on a query parameter."""

    type: str | None = None
    """`Exact` (the default) or `RegularExpression`."""
    name: str | None = None
    value: str | None = None


class HTTPRouteMatch(Message, frozen=True):
    """Conditions on a request. All of one match must hold; of the list of matches one suffices."""

    path: HTTPPathMatch | None = None
    headers: tuple[HTTPHeaderMatch, ...] | None = None
    query_params: tuple[HTTPQueryParamMatch, ...] | None = None
    method: str | None = None


class HTTPPathModifier(Message, frozen=True):
    """A change of the path."""

    type: str | None = None
    """`ReplaceFullPath` or `ReplacePrefixMatch`."""
    replace_full_path: str | None = None
    replace_prefix_match: str | None = None


class HTTPRequestRedirectFilter(Message, frozen=True):
    """Answers with a redirect instead of forwarding."""

    scheme: str | None = None
    hostname: str | None = None
    path: HTTPPathModifier | None = None
    port: int | None = None
    status_code: int | None = None
    """302 if absent."""


class HTTPURLRewriteFilter(Message, frozen=True):
    """Rewrites host and path before the request is forwarded."""

    hostname: str | None = None
    path: HTTPPathModifier | None = None


class HTTPCORSFilter(Message, frozen=True):
    """Cross-origin rules that the proxy answers by itself."""

    allow_origins: tuple[str, ...] | None = None
    allow_credentials: bool | None = None
    allow_methods: tuple[str, ...] | None = None
    allow_headers: tuple[str, ...] | None = None
    expose_headers: tuple[str, ...] | None = None
    max_age: int | None = None
    """Seconds; 5 if absent."""


class GRPCAuthConfig(Message, frozen=True):
    """What is sent to a gRPC authorizer."""

    allowed_headers: tuple[str, ...] | None = None


class HTTPAuthConfig(Message, frozen=True):
    """What is sent to an HTTP authorizer and taken from its answer."""

    path: str | None = None
    allowed_headers: tuple[str, ...] | None = None
    allowed_response_headers: tuple[str, ...] | None = None


class ForwardBodyConfig(Message, frozen=True):
    """How much of the body is sent to the authorizer."""

    max_size: int | None = None
    """Bytes."""


class HTTPExternalAuthFilter(Message, frozen=True):
    """Asks an authorizer (experimental)."""

    protocol: str | None = None
    """`HTTP` or `GRPC`."""
    backend_ref: BackendObjectReference | None = None
    grpc: GRPCAuthConfig | None = None
    http: HTTPAuthConfig | None = None
    forward_body: ForwardBodyConfig | None = None


class HTTPRouteFilter(Message, frozen=True):
    """Something done to requests or answers; `type` says which of the fields holds."""

    type: str | None = None
    request_header_modifier: HTTPHeaderFilter | None = None
    response_header_modifier: HTTPHeaderFilter | None = None
    request_mirror: HTTPRequestMirrorFilter | None = None
    request_redirect: HTTPRequestRedirectFilter | None = None
    url_rewrite: HTTPURLRewriteFilter | None = None
    cors: HTTPCORSFilter | None = None
    external_auth: HTTPExternalAuthFilter | None = None
    extension_ref: LocalObjectReference | None = None


class HTTPBackendRef(BackendRef, frozen=True):
    """A backend with its share of the requests, and filters of its own."""

    filters: tuple[HTTPRouteFilter, ...] | None = None


class HTTPRouteTimeouts(Message, frozen=True):
    """Timeouts as durations (`10s`); 0s means none."""

    request: str | None = None
    """Of the whole request with all its retries."""
    backend_request: str | None = None
    """Of one try."""


class HTTPRouteRetry(Message, frozen=True):
    """Retries (experimental)."""

    codes: tuple[int, ...] | None = None
    attempts: int | None = None
    backoff: str | None = None


class HTTPRouteRule(Message, frozen=True):
    """One rule. Across all rules the most specific match wins, not the first."""

    name: str | None = None
    matches: tuple[HTTPRouteMatch, ...] | None = None
    """Absent or empty: every request."""
    filters: tuple[HTTPRouteFilter, ...] | None = None
    backend_refs: tuple[HTTPBackendRef, ...] | None = None
    """Absent or empty, and no redirect: 500."""
    timeouts: HTTPRouteTimeouts | None = None
    retry: HTTPRouteRetry | None = None
    session_persistence: SessionPersistence | None = None

    def all_filters(self) -> Iterator[HTTPRouteFilter]:
        """The filters of the rule, then those of its backends."""
        yield from self.filters or ()
        for backend in self.backend_refs or ():
            yield from backend.filters or ()

    def backends(self) -> Iterator[BackendObjectReference]:
        """Every backend of the rule: those of `backend_refs`, then those that receive mirrored requests."""
        yield from self.backend_refs or ()
        for route_filter in self.all_filters():
            if route_filter.request_mirror and route_filter.request_mirror.backend_ref:
                yield route_filter.request_mirror.backend_ref


class HTTPRouteSpec(Message, frozen=True):
    """What an HTTPRoute says."""

    parent_refs: tuple[ParentReference, ...] | None = None
    hostnames: tuple[str, ...] | None = None
    """Narrowed to those of the listener; absent: all of the listener's. Ignored for a Service as parent."""
    rules: tuple[HTTPRouteRule, ...] | None = None
    """Absent: one rule that matches everything."""
    use_default_gateways: str | None = None


class HTTPRoute(Resource, frozen=True):
    """Routes HTTP requests."""

    spec: HTTPRouteSpec | None = None
    status: Any = None

    @property
    def parents(self) -> tuple[ParentReference, ...]:
        """The parents as written."""
        return self.spec.parent_refs or () if self.spec else ()

    def backends(self) -> Iterator[BackendObjectReference]:
        """Every backend of every rule, mirrors included."""
        for rule in (self.spec.rules if self.spec else None) or ():
            yield from rule.backends()
