"""VirtualServices as istiod serves them: each root with its delegates in it, and the way back to what is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from meshlint.findings import Finding, Place, Related
from meshlint.mesh.gateway_names import MESH, split_reference
from meshlint.mesh.route_merging import merge
from meshlint.model.base import Message
from meshlint.model.networking.common import Destination
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute, VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

M = TypeVar("M", bound=Message)


class Written(msgspec.Struct, frozen=True, eq=False):
    """A message as a VirtualService of the input writes it."""

    owner: VirtualService
    message: Any

    def has(self, path: Sequence[str | int]) -> bool:
        """Whether something is written at a path below the message."""
        value = self.message
        for step in path:
            if isinstance(value, msgspec.Struct):
                value = getattr(value, str(step), None)
            elif isinstance(value, Mapping):
                value = value.get(step)
            else:
                value = value[step] if isinstance(value, tuple) and isinstance(step, int) else None
            if value is None:
                return False
        return True


class Served(msgspec.Struct, frozen=True, eq=False):
    """A route that a delegate writes, as one route of a root serves it."""

    delegate: VirtualService
    own: HTTPRoute
    through: HTTPRoute
    """The root's route that delegates."""


class Merged(VirtualService, frozen=True):
    """A root with the routes of its delegates in place of those that name them.

    A route whose delegate is not in the input, or not surely what its file says, stays as it is written,
    with `delegate`. Names of another namespace are written out. What comes unchanged from the root or a
    delegate is the very object that it is there.
    """

    root: VirtualService = VirtualService("", "VirtualService")
    served: Mapping[int, Served] = {}
    """By id of each route here that a delegate writes."""
    sources: Mapping[int, tuple[Written, ...]] = {}
    """By id of each message that is new here: what it was made of, the part that decides first."""
    holders: dict[int, VirtualService] = {}
    """By id of each message that the root or a delegate holds: which of them. Filled when first asked for."""

    def written(self, place: Place) -> Place:
        """A place in this VirtualService as one in the root or in a delegate."""
        if place.resource is not self:
            return place
        written = self._origin(place.object, place.path)
        return Place(written.owner, written.message, place.path, place.part)

    def route_written(self, route: HTTPRoute) -> HTTPRoute:
        """A route of this VirtualService as the root or a delegate writes it."""
        served = self.served.get(id(route))
        return route if served is None else served.own

    def match_written(self, match: HTTPMatchRequest | None) -> HTTPMatchRequest | None:
        """A match of this VirtualService as it is written, by the delegate where both have a part in it."""
        written = self.sources.get(id(match))
        return match if written is None else written[0].message

    def numbers_written(self) -> Sequence[int]:
        """For each HTTP route its number, from 1, in the VirtualService that writes it."""
        writers = dict.fromkeys((self.root, *(item.delegate for item in self.served.values())))
        numbers = {id(route): number for writer in writers for number, route in enumerate(writer.http, 1)}
        return [numbers[id(self.route_written(route))] for route in self.http]

    def owner(self, route: HTTPRoute) -> VirtualService:
        """Who writes a route."""
        served = self.served.get(id(route))
        return self.root if served is None else served.delegate

    def in_words(self, found: Finding) -> Finding:
        """A finding about this VirtualService with its places in the input. Without its fix, which was made for one root."""
        related = tuple(Related(self._anywhere(end.spot), end.message) for end in found.related)
        return msgspec.structs.replace(found, spot=self._anywhere(found.spot), related=related, fix=None)

    def _anywhere(self, spot: Any) -> Any:
        return self.written(spot) if isinstance(spot, Place) else spot

    def _origin(self, message: Any, path: Sequence[str | int]) -> Written:
        if message is None or message is self:
            return Written(self.root, None)
        made_of = self.sources.get(id(message))
        if made_of is None:
            return Written(self._holder(message), message)
        for length in range(len(path), 0, -1):
            for written in made_of:
                if written.has(path[:length]):
                    return written
        return made_of[0]

    def _holder(self, message: Any) -> VirtualService:
        """The resource in which a message is found by identity."""
        if not self.holders:
            for holder in dict.fromkeys((self.root, *(item.delegate for item in self.served.values()))):
                self.holders.update((id(item), holder) for item in _inside(holder))
        if id(message) not in self.holders:
            raise LookupError(f"this {type(message).__name__} is neither in the root nor in its delegates")
        return self.holders[id(message)]


def _inside(resource: VirtualService) -> Iterator[Any]:
    """Every message, list and map of a resource."""
    waiting: list[Any] = [resource]
    while waiting:
        item = waiting.pop()
        if isinstance(item, msgspec.Struct):
            yield item
            waiting += (getattr(item, name) for name in item.__struct_fields__)
        elif isinstance(item, Mapping):
            yield item
            waiting += item.values()
        elif isinstance(item, tuple):
            yield item
            waiting += item


def merged(mesh: "Mesh", root: VirtualService, delegates: Mapping[int, VirtualService]) -> Merged | None:
    """A root as istiod serves it; `delegates` by id of the route that names them. None where no route of theirs is served."""
    if root.spec is None:
        return None
    making = _Making(mesh, root)
    http = tuple(making.routes(delegates))
    if not making.served:
        return None
    spec = making.made(msgspec.structs.replace(root.spec, http=http), Written(root, root.spec))
    return Merged(
        root.api_version,
        root.kind,
        root.metadata,
        spec=spec,
        root=root,
        served=making.served,
        sources=making.sources,
        holders={},
    )


class _Making:
    """Merges one root, and keeps what each new message is made of."""

    def __init__(self, mesh: "Mesh", root: VirtualService) -> None:
        self._mesh = mesh
        self._root = root
        self._home = mesh.namespace(root)
        self.served: dict[int, Served] = {}
        self.sources: dict[int, tuple[Written, ...]] = {}
        self._made: list[Message] = []
        """Kept while others are made, so that no id of theirs is used again."""

    def routes(self, delegates: Mapping[int, VirtualService]) -> Iterator[HTTPRoute]:
        for through in self._root.http:
            delegate = delegates.get(id(through))
            if delegate is None:
                yield through
                continue
            for own in delegate.http:
                route = self._route(through, own, delegate)
                if route is not None:
                    yield route

    def made(self, message: M, *parts: Written) -> M:
        """Remember what a message is made of; of a part that is new itself, what that is made of."""
        self.sources[id(message)] = tuple(
            origin for part in parts for origin in self.sources.get(id(part.message), (part,))
        )
        self._made.append(message)
        return message

    def _route(self, through: HTTPRoute, own: HTTPRoute, delegate: VirtualService) -> HTTPRoute | None:
        def note(message: HTTPMatchRequest, narrow: HTTPMatchRequest, wide: HTTPMatchRequest) -> None:
            self.made(message, Written(delegate, narrow), Written(self._root, wide))

        route = merge(through, self._named_out(own, delegate), note)
        if route is not None:
            self.made(route, Written(delegate, own), Written(self._root, through))
            self.served[id(route)] = Served(delegate, own, through)
        return route

    def _named_out(self, own: HTTPRoute, delegate: VirtualService) -> HTTPRoute:
        """A delegate's route with names that mean the same in the root's namespace, as istiod expands them first."""
        home = self._mesh.namespace(delegate)
        if home == self._home:
            return own

        def destination(item: Destination | None) -> Destination | None:
            if item is None or not item.host or "." in item.host:
                return item
            host = self._mesh.hosts.fqdn(item.host, home)
            return self.made(msgspec.structs.replace(item, host=host), Written(delegate, item))

        def holder(item: M) -> M:
            old = getattr(item, "destination", None)
            new = destination(old)
            if new is old:
                return item
            return self.made(msgspec.structs.replace(item, destination=new), Written(delegate, item))

        def match(item: HTTPMatchRequest) -> HTTPMatchRequest:
            names = tuple(_gateway(name, home) for name in item.gateways or ())
            if names == (item.gateways or ()):
                return item
            return self.made(msgspec.structs.replace(item, gateways=names), Written(delegate, item))

        return msgspec.structs.replace(
            own,
            match=own.match and tuple(map(match, own.match)),
            route=own.route and tuple(map(holder, own.route)),
            mirror=destination(own.mirror),
            mirrors=own.mirrors and tuple(map(holder, own.mirrors)),
        )


def _gateway(name: str, namespace: str) -> str:
    return name if name == MESH else "/".join(split_reference(name, namespace))
