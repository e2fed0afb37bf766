"""Which routes does a VirtualService have once its delegates are merged in?

`mergeVirtualServicesIfNeeded`, `mergeHTTPRoute` and `hasConflict` of istiod decide
(`pilot/pkg/model/virtualservice.go`): a route with `delegate` is replaced by the routes of the
VirtualService it names. What these leave out they take from the root's route; a match of theirs has to
lie within one of the root's, or the whole route is dropped. There is one level only, a delegate has
no hosts, and it has to be exported to the root's namespace. Short hosts of a delegate get its own
namespace: they are expanded before the merge.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.references import Reference, found
from meshlint.mesh.trust import Sought
from meshlint.model.base import Opaque, Resource
from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import Delegate, HTTPMatchRequest, HTTPRoute, VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

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


class Origin(msgspec.Struct, frozen=True, eq=False):
    """Where a route of a VirtualService is written: in itself, or in a delegate."""

    virtual_service: VirtualService
    route: HTTPRoute
    """The route as written there: places are named by it and by `virtual_service`."""
    through: HTTPRoute | None = None
    """The root's route that delegates, None for a route of the VirtualService itself."""


class MergedRoute(msgspec.Struct, frozen=True, eq=False):
    """A route as istiod serves it. Its messages are those of its origin, but for `match` and what is inherited."""

    route: HTTPRoute
    origin: Origin

    def owner(self, field: str) -> tuple[VirtualService | None, HTTPRoute]:
        """Who writes a field of the route: the delegate (its VirtualService), or the root (None)."""
        origin = self.origin
        if origin.through is None or getattr(origin.route, field) is not None:
            return origin.virtual_service, origin.route
        return None, origin.through


class Failing(str, Enum):
    """Why a route with `delegate` has no effect."""

    HAS_HOSTS = "hosts"
    """The VirtualService has hosts of its own, and so is no delegate."""
    HIDDEN = "hidden"
    """It is not exported to the root's namespace."""
    NESTED = "nested"
    """It delegates itself."""


class Delegates:
    """The delegates of the input."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._merged: dict[VirtualService, tuple[MergedRoute, ...]] = {}

    def named(self, delegate: Delegate, root: VirtualService) -> Sequence[Resource]:
        """Every VirtualService of the name that a `delegate` gives, whether it can be one or not."""
        targets: dict[Resource, None] = {}
        for namespace, _ in sorted(self._mesh.identities(root)):
            for item in self._mesh.find("VirtualService", delegate.namespace or namespace, delegate.name or ""):
                targets[item] = None
        return tuple(targets)

    def resolve(self, delegate: Delegate, root: VirtualService) -> Reference:
        """Follow a `delegate`. NO: the namespace it points to has no such VirtualService, and the input should hold it."""
        targets = self.named(delegate, root)
        if targets:
            return found(*targets)
        namespace, relative = delegate.namespace or self._mesh.namespace(root), not delegate.namespace
        sought = Sought("VirtualService", namespace, delegate.name or "", root, relative=relative)
        return self._mesh.trust.absent(sought, (root,))

    def failing(self, target: Resource, root: VirtualService) -> Failing | None:
        """Why istiod leaves a route to this delegate out; None where it takes it, or nobody can tell."""
        if not isinstance(target, VirtualService) or target.spec is None:
            return None
        if target.spec.hosts:
            return Failing.HAS_HOSTS
        if not self._mesh.visibility.visible(target, self._mesh.namespace(root)):
            return Failing.HIDDEN
        if any(route.delegate is not None for route in target.http):
            return Failing.NESTED
        return None

    def roots(self, target: VirtualService) -> Sequence[tuple[VirtualService, HTTPRoute]]:
        """The routes, with their VirtualServices, that delegate to one."""
        return self._roots.get(target, ())

    def routes(self, virtual_service: VirtualService) -> Sequence[MergedRoute]:
        """The routes of a VirtualService in order, delegates merged; those that istiod drops are left out.

        A delegate that the input lacks, or that could not be read, brings no route here.
        """
        if virtual_service not in self._merged:
            self._merged[virtual_service] = tuple(self._merge(virtual_service))
        return self._merged[virtual_service]

    def is_complete(self, virtual_service: VirtualService) -> bool:
        """Whether every delegate that it names is in the input and can be read."""
        for route in virtual_service.http:
            if route.delegate is not None:
                targets = self.named(route.delegate, virtual_service)
                if not targets or any(isinstance(item, Opaque) for item in targets):
                    return False
        return True

    def _merge(self, root: VirtualService) -> Iterator[MergedRoute]:
        for route in root.http:
            if route.delegate is None:
                yield MergedRoute(route, Origin(root, route))
                continue
            for target in self.named(route.delegate, root)[:1]:
                if isinstance(target, VirtualService) and self.failing(target, root) is None:
                    for own in target.http:
                        merged = merge(route, own)
                        if merged is not None:
                            yield MergedRoute(merged, Origin(target, own, route))

    @cached_property
    def _roots(self) -> Mapping[Resource, list[tuple[VirtualService, HTTPRoute]]]:
        index: dict[Resource, list[tuple[VirtualService, HTTPRoute]]] = {}
        for root in self._mesh.all(VirtualService):
            for route in root.http:
                if route.delegate is not None:
                    for target in self.named(route.delegate, root):
                        index.setdefault(target, []).append((root, route))
        return index


def merge(root: HTTPRoute, own: HTTPRoute) -> HTTPRoute | None:
    """The route of a delegate as the root serves it; None where a match lies outside of the root's."""
    match = own.match or root.match
    if own.match and root.match:
        pairs = [(wide, narrow) for narrow in own.match for wide in root.match if within(wide, narrow)]
        if {id(narrow) for _, narrow in pairs} != {id(narrow) for narrow in own.match}:
            return None
        match = tuple(_both(wide, narrow) for wide, narrow in pairs)
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
    never fits, not even where the other takes everything.
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
        and (not wide.gateways or not narrow.gateways or set(narrow.gateways) <= set(wide.gateways))
    )


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
