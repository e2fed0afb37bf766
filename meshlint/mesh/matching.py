"""When does one match of a VirtualService take everything that another one would?

Only what is proved counts: `covers(wide, narrow)` is True if every request that `narrow` matches is
matched by `wide` as well. Conditions that cannot be compared (two different regular expressions)
give False. How istiod and Envoy read matches: `pilot/pkg/networking/core/route/route.go`.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import HTTPMatchRequest, L4MatchAttributes, TLSMatchAttributes

L4Match = TLSMatchAttributes | L4MatchAttributes
Match = HTTPMatchRequest | L4Match

_META = frozenset("\\.+*?()[]{}|^$")
_QUANTIFIERS = frozenset("?*{")
ANY_GATEWAY: Sequence[str] = ("mesh",)
"""What a VirtualService without `gateways` is bound to."""


def covers(wide: Match, narrow: Match, gateways: Sequence[str]) -> bool:
    """Whether `wide` matches whatever `narrow` matches; `gateways` are those of the VirtualService."""
    if not _covers_source(wide, narrow, gateways):
        return False
    if isinstance(wide, HTTPMatchRequest):
        return isinstance(narrow, HTTPMatchRequest) and _covers_request(wide, narrow)
    return not isinstance(narrow, HTTPMatchRequest) and _covers_connection(wide, narrow)


def takes_everything(match: HTTPMatchRequest) -> bool:
    """Whether an HTTP match asks for nothing that a request may lack (`{}`, `prefix: /`)."""
    return not (
        (match.uri is not None and not _is_any_path(match.uri))
        or match.scheme
        or match.method
        or match.authority
        or match.headers
        or match.port
        or match.source_labels
        or match.gateways
        or match.query_params
        or match.without_headers
        or match.source_namespace
    )


def _covers_source(wide: Match, narrow: Match, gateways: Sequence[str]) -> bool:
    """Port, labels and namespace of the client, gateways."""
    bound_wide = set(wide.gateways or gateways)
    bound_narrow = set(narrow.gateways or gateways)
    labels = (wide.source_labels or {}).items()
    return (
        (not wide.port or wide.port == narrow.port)
        and labels <= (narrow.source_labels or {}).items()
        and (not wide.source_namespace or wide.source_namespace == narrow.source_namespace)
        and bound_narrow <= bound_wide
    )


def _covers_request(wide: HTTPMatchRequest, narrow: HTTPMatchRequest) -> bool:
    return (
        _covers_path(wide, narrow)
        and _covers_text(wide.scheme, narrow.scheme)
        and _covers_text(wide.method, narrow.method)
        and _covers_text(wide.authority, narrow.authority)
        and _covers_named(wide.headers, narrow.headers)
        and _covers_named(wide.query_params, narrow.query_params)
        and _covers_absences(wide.without_headers, narrow.without_headers)
    )


def _covers_path(wide: HTTPMatchRequest, narrow: HTTPMatchRequest) -> bool:
    if wide.uri is None or _is_any_path(wide.uri):
        return True
    if narrow.uri is None:
        return False
    if not wide.ignore_uri_case:
        return not narrow.ignore_uri_case and _covers_text(wide.uri, narrow.uri)
    return wide.uri.regex is None and narrow.uri.regex is None and _covers_text(_lower(wide.uri), _lower(narrow.uri))


def _lower(text: StringMatch) -> StringMatch:
    return StringMatch(
        exact=text.exact.lower() if text.exact else None, prefix=text.prefix.lower() if text.prefix else None
    )


def _is_any_path(uri: StringMatch) -> bool:
    """Every path begins with `/`."""
    return uri.prefix == "/" or uri.regex in {".*", "/.*", ".+"}


def _covers_text(wide: StringMatch | None, narrow: StringMatch | None) -> bool:
    """Whether a text that `narrow` takes is taken by `wide`; an absent or empty `wide` takes all."""
    if wide is None or not (wide.exact or wide.prefix or wide.regex):
        return True
    if narrow is None:
        return False
    if wide.exact:
        return narrow.exact == wide.exact
    if wide.prefix:
        return (narrow.exact or narrow.prefix or _fixed_start(narrow.regex or "")).startswith(wide.prefix)
    if narrow.regex:
        return narrow.regex == wide.regex
    start, is_open = _as_literal(wide.regex or "")
    if start is None:
        return False
    if narrow.exact:
        return narrow.exact.startswith(start) if is_open else narrow.exact == start
    return is_open and (narrow.prefix or "").startswith(start)


@lru_cache(maxsize=1024)
def _fixed_start(regex: str) -> str:
    """The text that everything begins with which a regular expression takes (it has to match the whole)."""
    if "|" in regex or regex.startswith("(?"):
        return ""
    return _literal(regex)[0]


@lru_cache(maxsize=1024)
def _as_literal(regex: str) -> tuple[str | None, bool]:
    """A regular expression that is a fixed text, or one that ends in `.*`: the text, and whether more may follow."""
    text, end = _literal(regex)
    rest = regex[end:]
    if rest in {"", ".*"}:
        return text, bool(rest)
    return None, False


def _literal(regex: str) -> tuple[str, int]:
    """The plain characters a regular expression begins with, and where they end."""
    text, position = "", 1 if regex.startswith("^") else 0
    while position < len(regex):
        char, step = regex[position], 1
        if char == "\\" and regex[position + 1 : position + 2] in _META:
            char, step = regex[position + 1], 2
        elif char in _META:
            break
        if regex[position + step : position + step + 1] in _QUANTIFIERS:
            break
        text += char
        position += step
    return text, position


def _covers_named(wide: Mapping[str, StringMatch] | None, narrow: Mapping[str, StringMatch] | None) -> bool:
    """Headers or query parameters: each one that `wide` asks for, `narrow` asks for as strictly."""
    return all(
        name in (narrow or {}) and _covers_text(text, (narrow or {})[name]) for name, text in (wide or {}).items()
    )


def _covers_absences(wide: Mapping[str, StringMatch] | None, narrow: Mapping[str, StringMatch] | None) -> bool:
    """Headers that must not match: what `wide` shuts out, `narrow` shuts out as well."""
    return all(
        name in (narrow or {}) and _covers_text((narrow or {})[name], text) for name, text in (wide or {}).items()
    )


def _covers_connection(wide: L4Match, narrow: L4Match) -> bool:
    if not _covers_subnets(wide.destination_subnets, narrow.destination_subnets):
        return False
    if isinstance(wide, L4MatchAttributes):
        source = narrow.source_subnet if isinstance(narrow, L4MatchAttributes) else None
        return not wide.source_subnet or wide.source_subnet == source
    hosts = narrow.sni_hosts if isinstance(narrow, TLSMatchAttributes) else None
    return not wide.sni_hosts or (bool(hosts) and all(_takes_sni(wide.sni_hosts, host) for host in hosts or ()))


def _takes_sni(wide: Sequence[str], host: str) -> bool:
    return any(entry in {"*", host} or (entry.startswith("*.") and host.endswith(entry[1:])) for entry in wide)


def _covers_subnets(wide: Sequence[str] | None, narrow: Sequence[str] | None) -> bool:
    return not wide or (bool(narrow) and set(narrow or ()) <= set(wide))


class Earlier:
    """The matches of the routes before, found by one condition each, so that thousands of routes stay cheap."""

    _MOST = 64
    """A match without a condition that tells it apart is compared with so many at most; the rest is not claimed."""

    def __init__(self, gateways: Sequence[str]) -> None:
        self._gateways = gateways
        self._by_condition: dict[tuple[str, ...], list[tuple[Match, int]]] = {}
        self._lengths: list[int] = []
        """Of the prefixes under which matches are filed, the longest first."""

    def add(self, match: Match, route: int) -> None:
        """Remember a match of a route."""
        condition = _condition(match)
        self._by_condition.setdefault(condition, []).append((match, route))
        if condition[0] == "prefix" and len(condition[1]) not in self._lengths:
            self._lengths = sorted([*self._lengths, len(condition[1])], reverse=True)

    def covering(self, match: Match) -> tuple[Match, int] | None:
        """The first earlier match that takes all this one would, with the number of its route."""
        found: tuple[Match, int] | None = None
        for condition in _implied(match, self._lengths) if self._by_condition else ():
            for wide, route in self._by_condition.get(condition, ())[: self._MOST]:
                if (found is None or route < found[1]) and covers(wide, match, self._gateways):
                    found = (wide, route)
                    break
        return found


def _condition(match: Match) -> tuple[str, ...]:
    """The condition a match is filed under; everything it covers implies it."""
    if isinstance(match, HTTPMatchRequest):
        if match.uri is not None and not _is_any_path(match.uri) and not match.ignore_uri_case:
            if match.uri.exact:
                return ("exact", match.uri.exact)
            if match.uri.prefix:
                return ("prefix", match.uri.prefix)
            return ("regex", match.uri.regex or "")
        for name, text in (match.headers or {}).items():
            if text.exact:
                return ("header", name, text.exact)
        return ("any",)
    if isinstance(match, TLSMatchAttributes) and match.sni_hosts and "*" not in match.sni_hosts[0]:
        return ("sni", match.sni_hosts[0])
    return ("port", str(match.port or ""))


def _implied(match: Match, lengths: Sequence[int]) -> list[tuple[str, ...]]:
    """Every condition under which a match that covers this one may be filed; `lengths` are those of prefixes."""
    if isinstance(match, HTTPMatchRequest):
        conditions = _implied_paths(match, lengths)
        conditions += [("header", name, text.exact) for name, text in (match.headers or {}).items() if text.exact]
        conditions.append(("any",))
        return conditions
    hosts = (match.sni_hosts or ()) if isinstance(match, TLSMatchAttributes) else ()
    conditions = [("sni", host) for host in hosts]
    conditions.append(("port", str(match.port or "")))
    if match.port:
        conditions.append(("port", ""))
    return conditions


def _implied_paths(match: HTTPMatchRequest, lengths: Sequence[int]) -> list[tuple[str, ...]]:
    conditions: list[tuple[str, ...]] = []
    uri = match.uri
    if uri is None or match.ignore_uri_case:
        return conditions
    if uri.exact:
        conditions.append(("exact", uri.exact))
    if uri.regex:
        conditions.append(("regex", uri.regex))
    start = uri.exact or uri.prefix or _fixed_start(uri.regex or "")
    conditions += [("prefix", start[:length]) for length in lengths if length <= len(start)]
    return conditions
