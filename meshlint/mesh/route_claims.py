"""Which VirtualServices claim the same host, of the sidecars or of a gateway?

Sidecars take one VirtualService for a host, the oldest that they see, and drop the others
(`pilot/pkg/model/sidecar.go`, selectVirtualServices). Gateways merge those of one host: their routes
come one after the other, by age, so that two routes with the same match compete, and no others.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.context import Scope
from meshlint.mesh.gateway_names import MESH, split_reference
from meshlint.mesh.host_names import HostIndex
from meshlint.mesh.matching import takes_everything
from meshlint.mesh.rivals import Rivals, rivals, strangers
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute, VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

_Scoped = tuple[str, str]
"""A host and a namespace that sees it, `*` for all."""


class Competition(msgspec.Struct, frozen=True, eq=False):
    """A route of a VirtualService for which others on the same gateway have a match that is the same."""

    gateway: str
    host: str
    route: HTTPRoute
    match: HTTPMatchRequest | None
    """None for a route without matches: it takes every request."""
    rivals: Rivals


class RouteClaims:
    """VirtualServices by what they claim. Indexes are built once."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh

    def of_sidecars(self, virtual_service: VirtualService) -> Iterator[tuple[int, Rivals]]:
        """The index of each host that others claim too, for sidecars that see both."""
        if not _is_for_sidecars(virtual_service):
            return
        seen: set[str] = set()
        home = self._mesh.namespace(virtual_service)
        for index, host in enumerate(self._written(virtual_service)):
            fqdn = self._mesh.hosts.fqdn(host, home)
            if fqdn in seen:
                continue
            seen.add(fqdn)
            found = self._contested(fqdn, virtual_service)
            if found:
                yield index, found

    def of_gateways(self, virtual_service: VirtualService) -> Iterator[Competition]:
        """The routes that compete with those of others on a gateway: once for each route."""
        if not self._by_match:
            return
        for route in virtual_service.http:
            for match in route.match or (None,):
                competition = self._competition(virtual_service, route, match)
                if competition:
                    yield competition
                    break

    def _competition(
        self, virtual_service: VirtualService, route: HTTPRoute, match: HTTPMatchRequest | None
    ) -> Competition | None:
        gateways = self._gateways(virtual_service, match)
        key = _key(match) if gateways else b""
        for gateway in gateways:
            for host in self._written(virtual_service):
                group = self._by_match.get((gateway, host, key), ())
                found = rivals(self._mesh, virtual_service, group) if len(group) > 1 else None
                if found:
                    return Competition(gateway, host, route, match, found)
        return None

    def _contested(self, fqdn: str, virtual_service: VirtualService) -> Rivals | None:
        """Those that claim a host too, and that some namespace sees beside a VirtualService.

        Of one that several namespaces see, the first namespace counts in which others claim the host:
        to put them all together would cost as much as there are pairs.
        """
        exports = self._mesh.visibility.exports(virtual_service)
        found: Rivals | None
        if "*" in exports:
            group = self._by_host.get(fqdn, ())
            found = rivals(self._mesh, virtual_service, group) if len(group) > 1 else None
        else:
            found = strangers(self._mesh, virtual_service, self._by_scope.get((fqdn, "*"), ()))
            for scope in sorted(exports):
                found = found or rivals(self._mesh, virtual_service, self._by_scope.get((fqdn, scope), ()))
        return found or self._overlapping(fqdn, virtual_service)

    def _overlapping(self, fqdn: str, virtual_service: VirtualService) -> Rivals | None:
        """With `--scope complete`, those of another scope whose wildcard covers the host or is covered by it.

        `istioctl analyze` calls them a conflict. They are none, since the most specific host wins.
        """
        if self._mesh.context.scope is not Scope.COMPLETE:
            return None
        is_public = self._is_public(virtual_service)
        covering = self._names(is_public=not is_public).covering(fqdn)
        groups = [self._of_kind.get((host, not is_public), ()) for host in covering]
        groups.append(self._covered.get((fqdn, is_public), ()))
        found = (strangers(self._mesh, virtual_service, group) for group in groups)
        return next((item for item in found if item), None)

    @cached_property
    def _covered(self) -> dict[tuple[str, bool], list[VirtualService]]:
        """By wildcard, and whether it is public: those of the other kind with a host that it covers."""
        found: dict[tuple[str, bool], dict[VirtualService, None]] = {}
        for item in self._for_sidecars:
            is_public = self._is_public(item)
            for host in self._written(item):
                for wildcard in self._names(is_public=not is_public).covering(self._fqdn(host, item)):
                    found.setdefault((wildcard, not is_public), {})[item] = None
        return {key: list(items) for key, items in found.items()}

    def _names(self, *, is_public: bool) -> HostIndex[str]:
        return self._public_names if is_public else self._private_names

    @cached_property
    def _of_kind(self) -> dict[tuple[str, bool], list[VirtualService]]:
        """By host, and whether all namespaces see it."""
        index: dict[tuple[str, bool], list[VirtualService]] = {}
        for host, items in self._by_host.items():
            for item in items:
                index.setdefault((host, self._is_public(item)), []).append(item)
        return index

    @cached_property
    def _public_names(self) -> HostIndex[str]:
        return self._index_of([item for item in self._for_sidecars if self._is_public(item)])

    @cached_property
    def _private_names(self) -> HostIndex[str]:
        return self._index_of([item for item in self._for_sidecars if not self._is_public(item)])

    def _index_of(self, items: Sequence[VirtualService]) -> HostIndex[str]:
        index: HostIndex[str] = HostIndex()
        for host in dict.fromkeys(self._fqdn(host, item) for item in items for host in self._written(item)):
            index.add(host, host)
        return index

    def _is_public(self, item: VirtualService) -> bool:
        return "*" in self._mesh.visibility.exports(item)

    @cached_property
    def _for_sidecars(self) -> Sequence[VirtualService]:
        return [item for item in self._mesh.all(VirtualService) if _is_for_sidecars(item)]

    @cached_property
    def _by_host(self) -> dict[str, list[VirtualService]]:
        index: dict[str, list[VirtualService]] = {}
        for item in self._for_sidecars:
            if self._mesh.visibility.exports(item):
                for host in self._written(item):
                    group = index.setdefault(self._fqdn(host, item), [])
                    if not group or group[-1] is not item:  # it may list a host twice
                        group.append(item)
        return index

    @cached_property
    def _by_scope(self) -> dict[_Scoped, list[VirtualService]]:
        index: dict[_Scoped, dict[VirtualService, None]] = {}
        for item in self._for_sidecars:
            for host in self._written(item):
                for scope in self._mesh.visibility.exports(item):
                    index.setdefault((self._fqdn(host, item), scope), {})[item] = None
        return {key: list(items) for key, items in index.items()}

    @cached_property
    def _by_match(self) -> dict[tuple[str, str, bytes], list[VirtualService]]:
        index: dict[tuple[str, str, bytes], dict[VirtualService, None]] = {}
        merges = self._mesh.delegates.merges if self._mesh.has_delegates else ()
        for item in (*self._mesh.all(VirtualService), *merges):
            for route in item.http if _is_at_gateway(item) else ():
                for match in route.match or (None,):
                    gateways = self._gateways(item, match)
                    key = _key(match) if gateways else b""
                    for gateway in gateways:
                        for host in self._written(item):
                            index.setdefault((gateway, host, key), {})[self._mesh.written(item)] = None
        return {key: list(items) for key, items in index.items()}

    def _gateways(self, virtual_service: VirtualService, match: HTTPMatchRequest | None) -> list[str]:
        """The gateways a match is for, as `namespace/name`."""
        spec = virtual_service.spec
        names = (match.gateways if match else None) or (spec.gateways if spec else None)
        if not names:
            return []
        own = self._mesh.namespace(virtual_service)
        return ["/".join(split_reference(name, own)) for name in names if name != MESH]

    def _written(self, virtual_service: VirtualService) -> Sequence[str]:
        return (virtual_service.spec.hosts if virtual_service.spec else None) or ()

    def _fqdn(self, host: str, virtual_service: VirtualService) -> str:
        return self._mesh.hosts.fqdn(host, self._mesh.namespace(virtual_service))


def _is_for_sidecars(virtual_service: VirtualService) -> bool:
    gateways = virtual_service.spec.gateways if virtual_service.spec else None
    return not gateways or MESH in gateways


def _is_at_gateway(virtual_service: VirtualService) -> bool:
    """Whether some of its routes may be for a gateway."""
    if virtual_service.spec and virtual_service.spec.gateways:
        return True
    for route in virtual_service.http:
        for match in route.match or ():
            if match.gateways:
                return True
    return False


def _key(match: HTTPMatchRequest | None) -> bytes:
    """What a match asks of a request, as something to compare; the same for all that ask nothing."""
    if match is None or takes_everything(match):
        return b""
    asked = {name: value for name, value in msgspec.to_builtins(match).items() if name not in {"name", "gateways"}}
    return msgspec.json.encode(asked, order="deterministic")
