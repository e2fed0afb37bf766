"""The CORS policy of an HTTP route."""

from meshlint.api import Target
from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import CorsPolicy
from meshlint.values.durations import whole_seconds
from meshlint.values.headers import header_name

from ._frame import Faults, bad_duration, fault, since
from ._string_match import regex_match

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"})


def cors(policy: CorsPolicy, target: Target) -> Faults:
    """Rows cors-*."""
    for origin in policy.allow_origins or ():
        yield from cors_origin(origin)
    for index, method in enumerate(policy.allow_methods or ()):
        if method not in _METHODS:
            yield fault(
                policy,
                "allow_methods",
                index,
                what=f"method `{method}`",
                why="it is no method of HTTP (capitals count)",
                help=f"write `{method.upper()}`" if method.upper() in _METHODS else "write GET, POST, ... or `*`",
            )
    for attribute in ("allow_headers", "expose_headers"):
        for index, name in enumerate(getattr(policy, attribute) or ()):
            yield from cors_header(policy, attribute, index, name, target)
    yield from cors_maxage(policy)


def cors_origin(origin: StringMatch) -> Faults:
    """Rows cors-origin-empty, cors-origin-regex."""
    if not (origin.exact or origin.prefix or origin.regex):
        yield fault(
            origin,
            what="an allowed origin that is empty",
            why="it matches no origin",
            help="add `exact`, `prefix` or `regex`",
        )
    else:
        yield from regex_match(origin, "an allowed origin")


def cors_header(policy: CorsPolicy, attribute: str, index: int, name: str, target: Target) -> Faults:
    """The name of a header, or `*`. Before 1.23 istiod only refused an empty one."""
    reason = name != "*" and (since(target, "1.23") or not name) and header_name(name)
    if reason:
        yield fault(
            policy,
            attribute,
            index,
            what=f"header name `{name}`",
            why=reason,
            help="write the name of a header, or `*`",
        )


def cors_maxage(policy: CorsPolicy) -> Faults:
    """Rows cors-maxage, cors-maxage-seconds: like every duration, and without a part of a second."""
    faults = list(bad_duration(policy, "max_age"))
    yield from faults
    reason = not faults and policy.max_age is not None and whole_seconds(policy.max_age)
    if reason:
        yield fault(
            policy,
            "max_age",
            what=f"`maxAge: {policy.max_age}`",
            why=reason,
            help="write whole seconds, such as `24h` or `600s`",
        )
