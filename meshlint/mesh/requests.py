"""A request, and whether a match of a VirtualService takes it.

How Envoy compares: `TranslateRouteMatch` in `pilot/pkg/networking/core/route/route.go`; the path is
compared without its query, an expression has to match the whole text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import HTTPMatchRequest, L4MatchAttributes, TLSMatchAttributes

_DEFAULT_PORTS = {"http": 80, "https": 443, "grpc": 80, "tcp": None}
_BACKTRACKING = re.compile(r"[+*}]\)?[)\]]*[+*{]")
"""Repetitions of repetitions: Python's engine may take ages where RE2 does not."""


class Request(msgspec.Struct, frozen=True):
    """A request as its client makes it."""

    scheme: str
    """`http`, `https` (the client encrypts) or `tcp`."""
    host: str
    port: int
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    headers: Mapping[str, str] = {}
    """By lower-case name."""

    @property
    def authority(self) -> str:
        """The host as HTTP sends it: with the port where it is not the scheme's own."""
        return self.host if self.port == _DEFAULT_PORTS.get(self.scheme) else f"{self.host}:{self.port}"


class Client(msgspec.Struct, frozen=True, eq=False):
    """Whose proxy routes a request: a workload with a sidecar, or a gateway."""

    namespace: str
    labels: Mapping[str, str]
    gateways: frozenset[str]
    """`mesh`, or the gateways (`namespace/name`) that the request comes in by."""


def parse(url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Request:
    """Read a URL; ValueError with the reason where it is none, or names no port and its scheme has none."""
    text = url if "://" in url else f"http://{url}"
    from urllib.parse import parse_qsl, urlsplit

    parts = urlsplit(text)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"the scheme `{scheme}` is not one of http, https, grpc and tcp")
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise ValueError("it names no host")
    port = parts.port or _DEFAULT_PORTS[scheme]
    if port is None:
        raise ValueError("it needs a port, as in tcp://host:3306")
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    known = {name.lower(): value for name, value in (headers or {}).items()}
    plain = "http" if scheme == "grpc" else scheme
    return Request(plain, host, port, parts.path or "/", query, "POST" if scheme == "grpc" else method.upper(), known)


def refusals(match: HTTPMatchRequest, request: Request, client: Client, bound: Mapping[str, str]) -> Iterator[str]:
    """Why an HTTP match does not take a request, one reason for each condition; nothing where it does.

    `bound` resolves the gateways of the match to those of `Client.gateways`. A reason that begins
    with `?` is about an expression that cannot be evaluated here.
    """
    if match.port and match.port != request.port:
        yield f"it is for port {match.port}"
    yield from _source(match.gateways, match.source_labels, match.source_namespace, client, bound)
    path = request.path.lower() if match.ignore_uri_case else request.path
    uri = _lower(match.uri) if match.ignore_uri_case and match.uri is not None else match.uri
    for what, text, value in (
        ("path", uri, path),
        ("scheme", match.scheme, request.scheme),
        ("method", match.method, request.method),
        ("authority", match.authority, request.authority),
    ):
        if text is not None:
            yield from _compare(f"the {what} `{value}`", text, value)
    for name, text in (match.headers or {}).items():
        yield from _named(f"header `{name}`", text, request.headers.get(name.lower()))
    for name, text in (match.query_params or {}).items():
        yield from _named(f"query parameter `{name}`", text, dict(request.query).get(name))
    for name, text in (match.without_headers or {}).items():
        refused = list(_named(f"header `{name}`", text, request.headers.get(name.lower())))
        if not refused:
            yield f"header `{name}` {'is there' if _is_presence(text) else 'has the value that is shut out'}"
        elif refused[0].startswith("?"):
            yield refused[0]


def l4_refusals(
    match: TLSMatchAttributes | L4MatchAttributes, request: Request, client: Client, bound: Mapping[str, str]
) -> Iterator[str]:
    """Why a match for connections does not take one, as `refusals` says it. Addresses are not known here."""
    if match.port and match.port != request.port:
        yield f"it is for port {match.port}"
    yield from _source(match.gateways, match.source_labels, match.source_namespace, client, bound)
    if isinstance(match, TLSMatchAttributes) and match.sni_hosts and not _takes_sni(match.sni_hosts, request.host):
        yield f"the SNI `{request.host}` is none of {', '.join(f'`{host}`' for host in match.sni_hosts[:3])}"
    if match.destination_subnets:
        yield "? the address of the server is not known here"


def _source(
    gateways: Sequence[str] | None,
    labels: Mapping[str, str] | None,
    namespace: str | None,
    client: Client,
    bound: Mapping[str, str],
) -> Iterator[str]:
    """`sourceMatchHTTP`: where a match names gateways, labels and namespace of the client do not count."""
    if gateways:
        if client.gateways.isdisjoint(bound.get(name, name) for name in gateways):
            yield f"it is for {', '.join(f'`{name}`' for name in gateways)} only"
        return
    missing = [f"{key}: {value}" for key, value in (labels or {}).items() if client.labels.get(key) != value]
    if missing:
        yield f"the client has no label `{missing[0]}`"
    if namespace and namespace != client.namespace:
        yield f"it is for clients in `{namespace}`"


def _named(what: str, text: StringMatch, value: str | None) -> Iterator[str]:
    if value is None:
        yield f"there is no {what}"
    elif not _is_presence(text):
        yield from _compare(f"{what} `{value}`", text, value)


def _is_presence(text: StringMatch) -> bool:
    return not (text.exact or text.prefix or text.regex)


def _compare(what: str, text: StringMatch, value: str) -> Iterator[str]:
    if text.exact:
        if value != text.exact:
            yield f"{what} is not `{text.exact}`"
    elif text.prefix:
        if not value.startswith(text.prefix):
            yield f"{what} does not begin with `{text.prefix}`"
    elif text.regex:
        answer = _matches(text.regex, value)
        if answer is None:
            yield f"? the expression `{text.regex}` cannot be evaluated here"
        elif not answer:
            yield f"{what} does not match `{text.regex}`"


def _matches(expression: str, value: str) -> bool | None:
    if _BACKTRACKING.search(expression):
        return None
    try:
        return re.fullmatch(expression, value) is not None
    except (re.error, OverflowError, RecursionError):
        return None


def _lower(text: StringMatch) -> StringMatch:
    return StringMatch(
        exact=text.exact.lower() if text.exact else None,
        prefix=text.prefix.lower() if text.prefix else None,
        regex=text.regex,
    )


def _takes_sni(hosts: Sequence[str], name: str) -> bool:
    return any(host in {"*", name} or (host.startswith("*.") and name.endswith(host[1:])) for host in hosts)
