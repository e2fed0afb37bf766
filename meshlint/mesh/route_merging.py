"""How istiod merges a route of a delegate into the route of the root that names it.

`mergeHTTPRoute` and `hasConflict` of istiod decide (`pilot/pkg/model/virtualservice.go`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute

if TYPE_CHECKING:
    from meshlint.model.networking.common import StringMatch

Note = Callable[[HTTPMatchRequest, HTTPMatchRequest, HTTPMatchRequest], None]
"""Is told of each new match, and of the delegate's and the root's that it is made of."""

_INHERITED = (
    "rewrite",
    "direct_response",
    "timeout",
    "retries",
    "fault",
    "mirror",
    "mirror_percent",
    "mirror_percentage",
    "cors_policy",
    "mirrors",
    "headers",
)
"""The fields of a route that a delegate takes from the root where it has none itself."""


def _forget(new: HTTPMatchRequest, narrow: HTTPMatchRequest, wide: HTTPMatchRequest) -> None:
    """Nobody asks where a match comes from."""


def merge(root: HTTPRoute, own: HTTPRoute, note: Note = _forget) -> HTTPRoute | None:
    """The route of a delegate as the root serves it; None where a match lies outside of the root's."""
    match = own.match or root.match
    if own.match and root.match:
        pairs = [(wide, narrow) for narrow in own.match for wide in root.match if within(wide, narrow)]
        if {id(narrow) for _, narrow in pairs} != {id(narrow) for narrow in own.match}:
            return None
        merged = [(_both(wide, narrow), narrow, wide) for wide, narrow in pairs]
        for item in merged:
            note(*item)
        match = tuple(item for item, _, _ in merged)
    inherited = {name: getattr(root, name) for name in _INHERITED if getattr(own, name) is None}
    name = "-".join(filter(None, (root.name, own.name))) or None
    return msgspec.structs.replace(own, match=match, name=name, **inherited)


def outside(root: HTTPRoute, own: HTTPRoute) -> Sequence[HTTPMatchRequest]:
    """The matches of a delegate's route that lie in none of the root's: one is enough to drop the route."""
    if not root.match:
        return ()
    return [match for match in own.match or () if not any(within(wide, match) for wide in root.match)]


def within(wide: HTTPMatchRequest, narrow: HTTPMatchRequest) -> bool:
    """Whether istiod takes a delegate's match (`narrow`) for a part of the root's (`hasConflict`).

    Stricter than the truth in one point: an expression beside any other condition on the same text
    never fits, not even where the other takes everything. Gateways are compared by their names alone,
    since each side may leave its own namespace out.
    """
    pairs = [
        *((getattr(wide, field), getattr(narrow, field)) for field in ("uri", "scheme", "method", "authority")),
        *(
            ((getattr(wide, field) or {}).get(name), text)
            for field in ("headers", "without_headers", "query_params")
            for name, text in (getattr(narrow, field) or {}).items()
        ),
    ]
    return (
        all(_text_within(*pair) for pair in pairs)
        and bool(wide.ignore_uri_case) == bool(narrow.ignore_uri_case)
        and (not wide.port or not narrow.port or wide.port == narrow.port)
        and (not wide.source_namespace or wide.source_namespace == narrow.source_namespace)
        and all(
            (wide.source_labels or {}).get(key, value) == value for key, value in (narrow.source_labels or {}).items()
        )
        and (not wide.gateways or not narrow.gateways or _names(narrow.gateways) <= _names(wide.gateways))
    )


def _names(gateways: Sequence[str]) -> set[str]:
    return {name.rpartition("/")[2].partition(".")[0] for name in gateways}


def _text_within(wide: StringMatch | None, narrow: StringMatch | None) -> bool:
    """`stringMatchConflict`, turned around."""
    if wide is None or narrow is None:
        return True
    if wide.regex and (narrow.regex or narrow.prefix or narrow.exact):
        return False
    if narrow.regex and (wide.regex or wide.prefix or wide.exact):
        return False
    if wide.exact:
        return not narrow.prefix and narrow.exact == wide.exact
    if wide.prefix:
        text = narrow.prefix or narrow.exact
        return bool(text) and (text or "").startswith(wide.prefix)
    return False


def _both(wide: HTTPMatchRequest, narrow: HTTPMatchRequest) -> HTTPMatchRequest:
    """One match that asks for what both ask for (`mergeHTTPMatchRequest`)."""
    single = ("uri", "scheme", "method", "authority", "port", "source_namespace", "gateways", "stat_prefix")
    maps = ("headers", "without_headers", "query_params", "source_labels")
    fields = {name: getattr(narrow, name) or getattr(wide, name) for name in single}
    fields |= {name: {**(getattr(wide, name) or {}), **(getattr(narrow, name) or {})} or None for name in maps}
    return msgspec.structs.replace(narrow, **fields)
