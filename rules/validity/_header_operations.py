"""Changes of headers, on a route and on its destinations: reference rows hdr-*, authority-twice."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from meshlint.model.networking.common import HeaderOperations, Headers
from meshlint.model.networking.virtual_service import HTTPRoute
from meshlint.values.headers import header_value

from ._frame import Fault, Faults, fault

_VARIABLE = r"%[^%]*%"
"""What is a placeholder elsewhere, and Envoy's own in a value of a header."""
_AUTHORITY = frozenset({":authority", "host"})
_PSEUDO_HELP = "Envoy sets headers that begin with `:` itself; use `rewrite` for path and authority"


def header_operations(headers: Headers) -> Faults:
    """All rows of `headers`."""
    request, response = headers.request, headers.response
    if request is not None:
        if request.set:
            yield from hdr_set(request, "set", request.set)
        if request.add:
            yield from hdr_set(request, "add", request.add)
        if request.remove:
            yield from hdr_op(request, "remove", request.remove)
    if response is not None:
        for attribute, values in (("set", response.set), ("add", response.add)):
            if values:
                yield from hdr_op(response, attribute, values)
                for name, value in values.items():
                    yield from hdr_value(response, attribute, name, value)
        if response.remove:
            yield from hdr_op(response, "remove", response.remove)


def hdr_set(operations: HeaderOperations, attribute: str, values: Mapping[str, str]) -> Faults:
    """Headers of the request to add or set: rows hdr-set-empty, hdr-set-pseudo, hdr-value. The authority is fine."""
    for name, value in values.items():
        if not name:
            yield _without_name(operations, attribute, name)
        elif name[0] == ":" and name.lower() != ":authority":
            yield fault(
                operations, attribute, name, what=f"header `{name}`", why="it is a pseudo header", help=_PSEUDO_HELP
            )
        if header_value(value):
            yield from hdr_value(operations, attribute, name, value)


def hdr_op(operations: HeaderOperations, attribute: str, names: Iterable[str]) -> Faults:
    """Headers to remove, and all of the response: rows hdr-op-host, hdr-op-pseudo."""
    for index, name in enumerate(names):
        place = index if attribute == "remove" else name
        if not name:
            yield _without_name(operations, attribute, place)
        elif name.lower() == "host":
            yield fault(
                operations,
                attribute,
                place,
                what=f"header `{name}` in `{attribute}`",
                why="it can only be set or added on requests",
                help="remove it; `rewrite.authority` changes the host of a request",
            )
        elif name[0] == ":":
            yield fault(
                operations, attribute, place, what=f"header `{name}`", why="it is a pseudo header", help=_PSEUDO_HELP
            )


def hdr_value(operations: HeaderOperations, attribute: str, name: str, value: str) -> Faults:
    """A value that Envoy cannot expand."""
    reason = header_value(value)
    if reason:
        found = fault(
            operations,
            attribute,
            name,
            what=f"the value of header `{name}`",
            why=reason,
            help="write a variable of Envoy as `%NAME%`, and a percent sign as `%%`",
        )
        yield msgspec.structs.replace(found, text=re.sub(_VARIABLE, "", value))


def authority_twice(route: HTTPRoute, request: HeaderOperations) -> Faults:
    """The authority set by more than one of `rewrite.authority` and the route's headers to set and to add.

    An empty value counts only where it follows another. Two names in one map are judged in random
    order by istiod, so one empty of them is let through here.
    """
    current = (route.rewrite and route.rewrite.authority) or ""
    for attribute, values in (("set", request.set), ("add", request.add)):
        names = [name for name in values or () if name.lower() in _AUTHORITY]
        if not names:
            continue
        filled = [name for name in names if (values or {})[name]]
        if current or len(filled) > 1:
            yield fault(
                request,
                attribute,
                (filled or names)[-1],
                what=f"header `{(filled or names)[-1]}`",
                why="the authority is set more than once",
                help="keep one of `rewrite.authority` and the headers `host` and `:authority`",
            )
            return
        current = current or "".join((values or {})[name] for name in filled)


def _without_name(operations: HeaderOperations, attribute: str, place: str | int) -> Fault:
    return fault(
        operations,
        attribute,
        place,
        what="a header without name",
        why="its name is empty",
        help="name the header, such as `x-user`",
    )
