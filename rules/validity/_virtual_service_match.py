"""`match` of an HTTP route: reference rows match-*."""

from collections.abc import Mapping

from meshlint.api import Target
from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import HTTPMatchRequest
from meshlint.values.headers import match_header_name
from meshlint.values.hosts import label
from meshlint.values.numbers import port

from ._frame import Faults, fault, labels, since
from ._gateway_names import gateway_names
from ._string_match import is_checked, regex_match, string_match


def match(given: HTTPMatchRequest, target: Target) -> Faults:
    """All rows of one match."""
    if given.uri is not None and given.uri.regex is not None:
        yield from match_uri_regex(given.uri)
    if given.scheme is not None:
        yield from string_match(given.scheme, "`scheme`", target)
    if given.method is not None:
        yield from string_match(given.method, "`method`", target)
    if given.authority is not None:
        yield from string_match(given.authority, "`authority`", target)
    if given.headers and not _are_usual(given.headers):
        yield from match_headers(given, "headers", given.headers, target)
    if given.port:
        yield from match_port(given)
    if given.source_labels:
        yield from labels(given, "source_labels", given.source_labels)
    if given.gateways:
        yield from gateway_names(given, given.gateways)
    for name, value in given.query_params.items() if given.query_params else ():
        yield from string_match(value, f"query parameter `{name}`", target)
    if given.without_headers:
        yield from match_headers(given, "without_headers", given.without_headers, target)
    if given.source_namespace:
        yield from match_source_namespace(given)


def match_uri_regex(uri: StringMatch) -> Faults:
    """The regular expression of a path; an empty prefix is fine here."""
    yield from regex_match(uri, "`uri`")


def match_headers(
    given: HTTPMatchRequest, attribute: str, headers: Mapping[str, StringMatch], target: Target
) -> Faults:
    """Headers that have to match, or must not: names, then values.

    Istio reads the regular expression `*` in `withoutHeaders` as *is present*.
    """
    for name, value in headers.items():
        if match_header_name(name):
            yield from match_header_name_row(given, attribute, name, target)
        if is_checked(value) and (attribute == "headers" or value.regex != "*"):
            yield from string_match(value, f"header `{name}`", target)


def _are_usual(headers: Mapping[str, StringMatch]) -> bool:
    """Whether there is nothing to say of headers, as of nearly all."""
    for name, value in headers.items():
        if value.regex is not None or value.prefix == "" or match_header_name(name):
            return False
    return True


def match_header_name_row(given: HTTPMatchRequest, attribute: str, name: str, target: Target) -> Faults:
    """The name of a header: row match-header-name. Before 1.23 istiod only refused an empty one."""
    reason = match_header_name(name) if since(target, "1.23") or not name else None
    if reason:
        yield fault(
            given,
            attribute,
            name,
            what=f"header name `{name}`",
            why=reason,
            help="write the name of a header, such as `x-user`, or `:authority`, `:method`, `:path`, `:scheme`, `:status`",
        )


def match_port(given: HTTPMatchRequest) -> Faults:
    """The port that the client speaks to."""
    reason = port(given.port or 0)
    if reason:
        yield fault(given, "port", what=f"port {given.port}", why=reason, help="write a port of the host, such as 80")


def match_source_namespace(given: HTTPMatchRequest) -> Faults:
    """The namespace of the client."""
    reason = label(given.source_namespace or "")
    if reason:
        yield fault(
            given,
            "source_namespace",
            what=f"`sourceNamespace: {given.source_namespace}`",
            why=reason,
            help="write the name of one namespace",
        )
