"""VirtualService: which requests to a host go where."""

from functools import lru_cache
from typing import Any

import msgspec

from meshlint.model.base import TOGETHER, Message, Resource
from meshlint.model.networking.common import Destination, Headers, Percent, StringMatch
from meshlint.model.selection import Duration


class HTTPMatchRequest(Message, frozen=True):
    """Conditions on a request. All of one match must hold; of the list of matches one suffices."""

    name: str | None = None
    """For the logs only: it is appended to the name of the route."""
    uri: StringMatch | None = None
    scheme: StringMatch | None = None
    method: StringMatch | None = None
    authority: StringMatch | None = None
    headers: dict[str, StringMatch] | None = None
    """By lower-case name. An empty match (`x-debug: {}`) asks for presence."""
    port: int | None = None
    """The port of the host the client speaks to; for a gateway the port of its server."""
    source_labels: dict[str, str] | None = None
    """Labels of the client's pod. Ignored where `gateways` names a gateway without `mesh`."""
    gateways: tuple[str, ...] | None = None
    """Replaces the `gateways` of the spec for this match."""
    query_params: dict[str, StringMatch] | None = None
    """By name; `prefix` is not supported here."""
    ignore_uri_case: bool | None = None
    """Applies to `exact` and `prefix` of `uri` only."""
    without_headers: dict[str, StringMatch] | None = None
    """Headers that must not match."""
    source_namespace: str | None = None
    stat_prefix: str | None = None


class HTTPRouteDestination(Message, frozen=True):
    """One destination of a route with its share of the requests."""

    destination: Destination | None = None
    weight: int | None = None
    """Relative to the sum of all weights; need not sum to 100. Absent is 0, except for a single destination."""
    headers: Headers | None = None


class HTTPRedirect(Message, frozen=True):
    """An answer 3xx instead of forwarding."""

    uri: str | None = None
    """Replaces the path, or with `%PREFIX()%` parts of it."""
    authority: str | None = None
    port: int | None = None
    derive_port: str | None = None
    """`FROM_PROTOCOL_DEFAULT` or `FROM_REQUEST_PORT`."""
    scheme: str | None = None
    redirect_code: int | None = None
    """301 if absent; 301, 302, 303, 307 and 308 are supported."""
    prefix_rewrite: str | None = None


class HTTPBody(Message, frozen=True):
    """The body of a direct response: a text or base64 bytes."""

    string: str | None = None
    bytes: str | None = None
    """In base64."""

    @property
    def size(self) -> int:
        """How many bytes the proxy sends."""
        if self.string is not None:
            return len(self.string.encode("utf-8", "surrogatepass"))
        return len((self.bytes or "").rstrip("=")) * 3 // 4


class HTTPDirectResponse(Message, frozen=True):
    """An answer of the proxy itself."""

    status: int | None = None
    """100 to 599."""
    body: HTTPBody | None = None


class Delegate(Message, frozen=True):
    """The VirtualService that holds the rest of the routes. It has no hosts of its own and is one level deep."""

    name: str | None = None
    namespace: str | None = None
    """The namespace of the delegating VirtualService if absent."""


class RegexRewrite(Message, frozen=True):
    """Rewrites the path by an RE2 expression."""

    match: str | None = None
    rewrite: str | None = None


class HTTPRewrite(Message, frozen=True):
    """Rewrites path and authority before the request is forwarded."""

    uri: str | None = None
    """Replaces the matched *prefix*, or the whole path where the match is no prefix."""
    authority: str | None = None
    uri_regex_rewrite: RegexRewrite | None = None


class HTTPRetry(Message, frozen=True):
    """Retries. A route that has none gets the mesh's default: 2 retries on connection failures."""

    attempts: int | None = None
    """Retries besides the first try; 0 switches retries off."""
    per_try_timeout: Duration | None = None
    """The route's `timeout` if absent."""
    retry_on: str | None = None
    """Conditions of Envoy and status codes, separated by commas."""
    retry_remote_localities: bool | None = None
    retry_ignore_previous_hosts: bool | None = None
    """True if absent: a retry avoids the endpoints already tried."""
    backoff: Duration | None = None
    """Base interval between tries; 25 ms if absent."""


class Delay(Message, frozen=True):
    """Injects a delay before a request is forwarded."""

    fixed_delay: Duration | None = None
    exponential_delay: Duration | None = None
    """Not implemented by istiod."""
    percentage: Percent | None = None
    """Absent, and `percent` too: no request is delayed."""
    percent: int | None = None
    """Deprecated in favour of `percentage`."""


class Abort(Message, frozen=True):
    """Answers with an error instead of forwarding."""

    http_status: int | None = None
    grpc_status: str | None = None
    """A name such as `UNAVAILABLE`."""
    http2_error: str | None = None
    """Not implemented by istiod."""
    percentage: Percent | None = None
    """Absent: no request is aborted."""


class HTTPFaultInjection(Message, frozen=True):
    """Faults on purpose. Timeouts and retries of the same route do not apply to them."""

    delay: Delay | None = None
    abort: Abort | None = None


class HTTPMirrorPolicy(Message, frozen=True):
    """A copy of requests, sent and forgotten."""

    destination: Destination | None = None
    percentage: Percent | None = None
    """All requests if absent; an empty one (`{}`) is 0."""


class CorsPolicy(Message, frozen=True):
    """Cross-origin rules that the proxy answers by itself."""

    allow_origin: tuple[str, ...] | None = None
    """Deprecated in favour of `allow_origins`."""
    allow_origins: tuple[StringMatch, ...] | None = None
    allow_methods: tuple[str, ...] | None = None
    allow_headers: tuple[str, ...] | None = None
    expose_headers: tuple[str, ...] | None = None
    max_age: Duration | None = None
    allow_credentials: bool | None = None
    unmatched_preflights: str | None = None
    """`FORWARD` (the default) or `IGNORE`."""


class HTTPRoute(Message, frozen=True):
    """One route: conditions, and what happens to the requests. The first route that matches wins."""

    name: str | None = None
    match: tuple[HTTPMatchRequest, ...] | None = None
    """Absent or empty: every request."""
    route: tuple[HTTPRouteDestination, ...] | None = None
    redirect: HTTPRedirect | None = None
    direct_response: HTTPDirectResponse | None = None
    delegate: Delegate | None = None
    rewrite: HTTPRewrite | None = None
    timeout: Duration | None = None
    """For the whole request with all its retries. Absent or 0s: none."""
    retries: HTTPRetry | None = None
    fault: HTTPFaultInjection | None = None
    mirror: Destination | None = None
    mirrors: tuple[HTTPMirrorPolicy, ...] | None = None
    mirror_percent: int | None = None
    """Deprecated in favour of `mirror_percentage`."""
    mirror_percentage: Percent | None = None
    mirror_percent_snake: int | None = msgspec.field(name="mirror_percent", default=None)
    """`mirror_percent`, an old spelling of `mirrorPercent` that the schema still takes."""
    cors_policy: CorsPolicy | None = None
    headers: Headers | None = None

    @property
    def total_weight(self) -> int:
        """The sum of the weights as written (absent counts 0)."""
        return sum(destination.weight or 0 for destination in self.route or ())

    def destinations(self) -> list[Destination]:
        """Every destination of the route: those of `route`, then `mirror`, then `mirrors`."""
        found: list[Destination] = []
        for weighted in self.route or ():
            if weighted.destination:
                found.append(weighted.destination)
        if self.mirror:
            found.append(self.mirror)
        if self.mirrors:
            found += [copy.destination for copy in self.mirrors if copy.destination]
        return found


class RouteDestination(Message, frozen=True):
    """One destination of a TCP or TLS route with its share of the connections."""

    destination: Destination | None = None
    weight: int | None = None
    """Relative to the sum of all weights."""


def _destinations(shares: tuple[RouteDestination, ...] | None) -> list[Destination]:
    return [item.destination for item in shares or () if item.destination]


class TLSMatchAttributes(Message, frozen=True):
    """Conditions on a TLS connection that is passed through. All of them must hold."""

    sni_hosts: tuple[str, ...] | None = None
    """Each has to be a host of the VirtualService, or lie within one of its wildcards."""
    destination_subnets: tuple[str, ...] | None = None
    """IP addresses or CIDR ranges."""
    port: int | None = None
    source_labels: dict[str, str] | None = None
    gateways: tuple[str, ...] | None = None
    """Replaces the `gateways` of the spec for this match."""
    source_namespace: str | None = None


class TLSRoute(Message, frozen=True):
    """A route for TLS connections by SNI, without terminating them."""

    match: tuple[TLSMatchAttributes, ...] | None = None
    route: tuple[RouteDestination, ...] | None = None

    def destinations(self) -> list[Destination]:
        """Every destination of the route."""
        return _destinations(self.route)


class L4MatchAttributes(Message, frozen=True):
    """Conditions on a TCP connection. All of them must hold."""

    destination_subnets: tuple[str, ...] | None = None
    port: int | None = None
    source_subnet: str | None = None
    """Not implemented by istiod."""
    source_labels: dict[str, str] | None = None
    gateways: tuple[str, ...] | None = None
    """Replaces the `gateways` of the spec for this match."""
    source_namespace: str | None = None


class TCPRoute(Message, frozen=True):
    """A route for TCP connections."""

    match: tuple[L4MatchAttributes, ...] | None = None
    route: tuple[RouteDestination, ...] | None = None

    def destinations(self) -> list[Destination]:
        """Every destination of the route."""
        return _destinations(self.route)


class VirtualServiceSpec(Message, frozen=True):
    """What a VirtualService says."""

    hosts: tuple[str, ...] | None = None
    """Hosts the client asks for: services of the mesh or, behind a gateway, any DNS name, with wildcards.

    A delegate has none.
    """
    gateways: tuple[str, ...] | None = None
    """`namespace/name`, a name of the own namespace, or `mesh` (all sidecars). Absent: `mesh` alone."""
    http: tuple[HTTPRoute, ...] | None = None
    tls: tuple[TLSRoute, ...] | None = None
    tcp: tuple[TCPRoute, ...] | None = None
    export_to: tuple[str, ...] | None = None
    """Namespaces whose proxies see it; `.` is the own, `*` all (the default, unless mesh config says otherwise)."""


class VirtualService(Resource, frozen=True):
    """Routes requests to hosts."""

    spec: VirtualServiceSpec | None = None
    status: Any = None

    @property
    def http(self) -> tuple[HTTPRoute, ...]:
        """The HTTP routes, in the order they are tried."""
        return self.spec.http or () if self.spec else ()

    def destinations(self) -> tuple[Destination, ...]:
        """Every destination of every route: HTTP with mirrors, then TLS, then TCP."""
        return _all_destinations(self.spec) if self.spec else ()


@lru_cache(maxsize=TOGETHER)
def _all_destinations(spec: VirtualServiceSpec) -> tuple[Destination, ...]:
    routes: tuple[HTTPRoute | TLSRoute | TCPRoute, ...] = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ()))
    return tuple([destination for route in routes for destination in route.destinations()])
