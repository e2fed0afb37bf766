"""What an HTTP route does besides routing: redirect, direct response, rewrite, retries, faults, mirrors."""

from collections.abc import Sequence
from functools import lru_cache

from meshlint.api import Target
from meshlint.model.networking.common import Percent
from meshlint.model.networking.virtual_service import (
    Abort,
    Delay,
    HTTPDirectResponse,
    HTTPFaultInjection,
    HTTPMirrorPolicy,
    HTTPRedirect,
    HTTPRetry,
    HTTPRewrite,
    HTTPRoute,
    RegexRewrite,
)
from meshlint.values.durations import duration
from meshlint.values.numbers import fine_percent, http_status, integer, port

from ._destination import destination
from ._frame import Fault, Faults, bad_duration, fault, since
from ._string_match import regex_help

_MIB = 1024 * 1024
_GRPC_STATUSES = frozenset(
    {"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"}
    | {"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"}
    | {"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"}
)
_RETRY_CONDITIONS = frozenset(
    {"5xx", "gateway-error", "reset", "connect-failure", "retriable-4xx", "refused-stream", "retriable-status-codes"}
    | {"retriable-headers", "envoy-ratelimited", "cancelled", "deadline-exceeded", "internal", "resource-exhausted"}
    | {"unavailable"}
)
_RETRY_CONDITIONS_1_23 = frozenset({"reset-before-request", "http3-post-connect-failure"})
# The statuses that Go's net/http has a text for.
_STATUSES = frozenset(
    {*range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 419), *range(421, 427)}
    | {428, 429, 431, 451, *range(500, 509), 510, 511}
)


def redirect(route: HTTPRoute, given: HTTPRedirect) -> Faults:
    """Rows redirect-*. istiod stops at the first, and so do we."""
    for check in (
        redirect_uri_prefix,
        redirect_prefix_match,
        redirect_empty,
        redirect_code,
        redirect_scheme,
        redirect_port,
    ):
        faults = list(check(route, given))
        yield from faults
        if faults:
            return


def redirect_uri_prefix(_: HTTPRoute, given: HTTPRedirect) -> Faults:
    """Two new paths."""
    if given.uri and given.prefix_rewrite:
        yield fault(
            given,
            "prefix_rewrite",
            what="`uri` and `prefixRewrite` in one redirect",
            why="both set the path",
            help="keep one of them",
        )


def redirect_prefix_match(route: HTTPRoute, given: HTTPRedirect) -> Faults:
    """A new prefix for paths that are not matched by prefix."""
    uris = [match.uri for match in route.match or () if match.uri is not None]
    if given.prefix_rewrite and any(uri.prefix is None for uri in uris):
        yield fault(
            given,
            "prefix_rewrite",
            what=f"`prefixRewrite: {given.prefix_rewrite}`",
            why="a `uri` of the route is not matched by `prefix`",
            help="match every `uri` of this route with `prefix`, or use `uri` in the redirect",
        )


def redirect_empty(_: HTTPRoute, given: HTTPRedirect) -> Faults:
    """A redirect that changes nothing."""
    if not (given.uri or given.prefix_rewrite or given.authority or given.scheme) and (
        given.port is None and given.derive_port is None
    ):
        yield fault(
            given,
            what="a redirect that says nothing",
            why="it would lead back to itself",
            help="add `uri`, `authority`, `scheme` or `port`",
        )


def redirect_code(_: HTTPRoute, given: HTTPRedirect) -> Faults:
    """A status that is no redirect."""
    if given.redirect_code and not 300 <= given.redirect_code <= 399:
        yield fault(
            given,
            "redirect_code",
            what=f"`redirectCode: {given.redirect_code}`",
            why="it is no 3xx",
            help="write 301, 302, 303, 307 or 308",
        )


def redirect_scheme(_: HTTPRoute, given: HTTPRedirect) -> Faults:
    """A scheme besides http and https."""
    if given.scheme not in {None, "", "http", "https"}:
        yield fault(
            given,
            "scheme",
            what=f"redirect scheme `{given.scheme}`",
            why="it is neither `http` nor `https`",
            help="write it in small letters, or leave it out",
        )


def redirect_port(_: HTTPRoute, given: HTTPRedirect) -> Faults:
    """The port to go to."""
    if given.port and port(given.port):
        yield fault(
            given,
            "port",
            what=f"redirect port {given.port}",
            why="a port is a number from 1 to 65535",
            help="write a port, such as 443",
        )


def direct_response(given: HTTPDirectResponse) -> Faults:
    """Rows direct-status, direct-body-huge."""
    status = given.status or 0
    if http_status(status):
        yield fault(
            given,
            "status",
            what=f"status {status} of a direct response",
            why="it is not from 200 to 599",
            help="write an HTTP status, such as 503",
        )
    yield from direct_body_huge(given)


def direct_body_huge(given: HTTPDirectResponse) -> Faults:
    """A body that every proxy would have to hold."""
    size = given.body.size if given.body else 0
    if size > _MIB:
        yield fault(
            given,
            "body",
            what=f"a response body of {size} bytes",
            why="more than 1 MiB is not allowed",
            help="serve it from a service of its own",
        )


def rewrite(given: HTTPRewrite) -> Faults:
    """Rows rewrite-*."""
    if given.uri and given.uri_regex_rewrite is not None:
        yield fault(
            given,
            "uri_regex_rewrite",
            what="`uri` and `uriRegexRewrite` in one rewrite",
            why="both set the path",
            help="keep one of them",
        )
    elif not (given.uri or given.authority) and given.uri_regex_rewrite is None:
        yield fault(
            given,
            what="a rewrite that says nothing",
            why="it would change nothing",
            help="add `uri`, `uriRegexRewrite` or `authority`",
        )
    elif given.uri_regex_rewrite is not None:
        yield from rewrite_regex(given.uri_regex_rewrite)


def rewrite_regex(given: RegexRewrite) -> Faults:
    """Rows rewrite-regex-fields, rewrite-regex."""
    for attribute in ("match", "rewrite"):
        if not getattr(given, attribute):
            yield fault(
                given,
                attribute,
                what=f"`uriRegexRewrite` with an empty `{attribute}`",
                why="it needs both `match` and `rewrite`",
                help="write both; a path cannot be replaced by nothing, but by `/`",
            )
            return
    from meshlint.values.regex import regex

    reason = regex(given.match or "")
    if reason:
        yield fault(
            given, "match", what=f"regex `{(given.match or '')[:60]}`", why=reason, help=regex_help(given.match or "")
        )


def retries(given: HTTPRetry, target: Target) -> Faults:
    """Rows retry-*."""
    if not given.attempts:
        yield from retry_zero_configured(given)
    elif given.attempts < 0:
        yield from retry_attempts_negative(given)
    if given.per_try_timeout is not None and duration(given.per_try_timeout):
        yield from bad_duration(given, "per_try_timeout")
    if given.retry_on and not _are_conditions(given.retry_on):
        yield from retry_on(given, target)
    if given.backoff is not None and duration(given.backoff):
        yield from bad_duration(given, "backoff")


def retry_attempts_negative(given: HTTPRetry) -> Faults:
    """Fewer retries than none."""
    yield fault(
        given, "attempts", what=f"`attempts: {given.attempts}`", why="it is negative", help="write 0 for no retries"
    )


def retry_zero_configured(given: HTTPRetry) -> Faults:
    """Settings of retries that are switched off."""
    if given.per_try_timeout is not None or given.retry_on or given.retry_remote_localities is not None:
        yield fault(
            given,
            "attempts",
            what="settings of retries beside `attempts: 0`",
            why="0, which is also the value of an absent `attempts`, switches retries off",
            help="write how many retries there may be, such as `attempts: 2`",
        )


def retry_on(given: HTTPRetry, target: Target) -> Faults:
    """Conditions that Envoy does not know. Parts are not trimmed: a blank after a comma is refused."""
    for part in (given.retry_on or "").split(","):
        if _is_condition(part):
            continue
        if part in _RETRY_CONDITIONS_1_23 and since(target, "1.23"):
            continue
        trimmed = part.strip()
        blank = trimmed != part and _is_condition(trimmed)
        yield fault(
            given,
            "retry_on",
            what=f"`{part}` in `retryOn`",
            why="conditions are separated by commas without blanks" if blank else "it is no condition for a retry",
            help=f"write `retryOn: {(given.retry_on or '').replace(' ', '')}`"
            if blank
            else "write conditions of Envoy such as `5xx,reset,connect-failure`, or HTTP statuses such as `503`",
        )


@lru_cache(maxsize=1024)
def _are_conditions(text: str) -> bool:
    """Whether every release knows all the conditions; a mesh writes few different lists of them."""
    return all(_is_condition(part) for part in text.split(","))


def _is_condition(part: str) -> bool:
    return part in _RETRY_CONDITIONS or integer(part) in _STATUSES


def fault_injection(given: HTTPFaultInjection) -> Faults:
    """Rows fault-*."""
    if given.abort is None and given.delay is None:
        yield fault(
            given,
            what="a `fault` without `abort` and `delay`",
            why="it does nothing",
            help="add one of them, or remove `fault`",
        )
    if given.abort is not None:
        yield from fault_abort(given.abort)
    if given.delay is not None:
        yield from fault_delay(given.delay)


def fault_abort(given: Abort) -> Faults:
    """Rows fault-percentage, fault-abort-http, fault-abort-grpc, fault-abort-http2."""
    if given.percentage is not None:
        yield from fault_percentage(given.percentage)
    if given.grpc_status is not None and given.grpc_status not in _GRPC_STATUSES:
        yield fault(
            given,
            "grpc_status",
            what=f"`grpcStatus: {given.grpc_status}`",
            why="it is no status of gRPC",
            help="write a name in capitals, such as `UNAVAILABLE`",
        )
    if given.http2_error is not None:
        yield fault(
            given,
            "http2_error",
            what="`http2Error`",
            why="it is not supported",
            help="use `httpStatus` or `grpcStatus`",
        )
    if given.http_status is not None and http_status(given.http_status):
        yield fault(
            given,
            "http_status",
            what=f"`httpStatus: {given.http_status}`",
            why="it is not from 200 to 599",
            help="write an HTTP status, such as 503",
        )


def fault_delay(given: Delay) -> Faults:
    """Rows fault-percentage, fault-delay-fixed, fault-delay-exponential."""
    if given.percentage is not None:
        yield from fault_percentage(given.percentage)
    yield from bad_duration(given, "fixed_delay")
    if given.exponential_delay is not None:
        yield fault(
            given, "exponential_delay", what="`exponentialDelay`", why="it is not supported", help="use `fixedDelay`"
        )


def fault_percentage(given: Percent) -> Faults:
    """A share of the requests that Envoy cannot take."""
    reason = fine_percent(given.value or 0)
    if reason:
        yield fault(given, "value", what=f"percentage {given.value:g}", why=reason, help="write 0, or 0.0001 to 100")


def mirror_percent(route: HTTPRoute) -> Faults:
    """Rows mirror-percent-max, mirror-percentage: also without a mirror."""
    for attribute, value in (
        ("mirror_percent", route.mirror_percent),
        ("mirror_percent_snake", route.mirror_percent_snake),
    ):
        if value is not None and value > 100:
            yield _percentage(route, attribute, value)
    if route.mirror_percentage is not None:
        yield from mirrors_percentage(route.mirror_percentage)


def mirrors_percentage(given: Percent) -> Faults:
    """A share of the requests to copy; unlike that of a fault it may be as small as it likes."""
    if given.value is not None and not 0 <= given.value <= 100:
        yield _percentage(given, "value", given.value)


def _percentage(holder: object, attribute: str, value: float) -> Fault:
    return fault(
        holder,
        attribute,
        what=f"percentage {value:g} of a mirror",
        why="it is not from 0 to 100",
        help="write 0 to 100",
    )


def mirrors(given: Sequence[HTTPMirrorPolicy]) -> Faults:
    """Rows mirrors-destination, mirrors-percentage."""
    for mirror in given:
        if mirror.destination is None:
            yield fault(
                mirror,
                "destination",
                what="a mirror without `destination`",
                why="the copy goes nowhere",
                help="add `destination: {host: ...}`",
            )
            continue
        yield from destination(mirror.destination)
        if mirror.percentage is not None:
            yield from mirrors_percentage(mirror.percentage)
