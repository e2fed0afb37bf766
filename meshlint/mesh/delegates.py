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

from meshlint.mesh.merged import Merged, merged
from meshlint.mesh.references import Reference, found
from meshlint.mesh.route_merging import merge
from meshlint.mesh.trust import Sought
from meshlint.model.base import Opaque, Resource
from meshlint.model.networking.virtual_service import Delegate, HTTPRoute, VirtualService

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh


_MOST_COPIES = 10_000
"""Of a delegate whose routes would be copied more often than that, in all its roots together, nothing is merged."""


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
        self._settled: dict[VirtualService, bool] = {}

    def named(self, delegate: Delegate, root: VirtualService) -> Sequence[Resource]:
        """Every VirtualService of the name that a `delegate` gives, whether it can be one or not."""
        targets: dict[Resource, None] = {}
        for namespace in self._mesh.homes(root):
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

    @cached_property
    def merges(self) -> Sequence[Merged]:
        """Each root as istiod serves it, if the routes of some delegate are surely in it.

        Not what a kustomize patch or another variant may change: there the routes stay as written.
        """
        return tuple(self._merges.values())

    @cached_property
    def served(self) -> Sequence[VirtualService]:
        """Every VirtualService of the input; those with merges as these."""
        return [self._merges.get(item, item) for item in self._mesh.all(VirtualService)]

    def is_settled(self, target: VirtualService) -> bool:
        """Whether `merges` shows all that the input's roots make of a delegate."""
        if target not in self._settled:
            self._settled[target] = all(self._delegated(route, root) is target for root, route in self.roots(target))
        return self._settled[target]

    def _merge(self, root: VirtualService) -> Iterator[MergedRoute]:
        for route in root.http:
            if route.delegate is None:
                yield MergedRoute(route, Origin(root, route))
                continue
            for target in self.named(route.delegate, root)[:1]:
                if isinstance(target, VirtualService) and self.failing(target, root) is None:
                    for own in target.http:
                        whole = merge(route, own)
                        if whole is not None:
                            yield MergedRoute(whole, Origin(target, own, route))

    @cached_property
    def _merges(self) -> Mapping[VirtualService, Merged]:
        found: dict[VirtualService, Merged] = {}
        for root in dict.fromkeys(root for pairs in self._roots.values() for root, _ in pairs):
            targets = {id(route): self._delegated(route, root) for route in root.http}
            whole = merged(self._mesh, root, {key: target for key, target in targets.items() if target is not None})
            if whole is not None:
                self._mesh.derive(whole, root)
                found[root] = whole
        return found

    def _delegated(self, route: HTTPRoute, root: VirtualService) -> VirtualService | None:
        """The delegate that surely takes the place of a root's route."""
        if route.delegate is None or not (root.spec and root.spec.hosts) or not self._is_firm(root):
            return None
        targets = self.named(route.delegate, root)
        target = targets[0] if len(targets) == 1 else None
        if not isinstance(target, VirtualService) or not target.http or not self._is_firm(target):
            return None
        if len(self.roots(target)) * len(target.http) > _MOST_COPIES:
            return None
        return target if self.failing(target, root) is None else None

    def _is_firm(self, item: VirtualService) -> bool:
        """Whether a VirtualService is what its file says: no patch and no variant of it says something else."""
        if self._mesh.is_patched(item):
            return False
        return all(
            len(self._mesh.find("VirtualService", namespace, name)) == 1
            for namespace, name in self._mesh.identities(item)
        )

    @cached_property
    def _roots(self) -> Mapping[Resource, list[tuple[VirtualService, HTTPRoute]]]:
        index: dict[Resource, list[tuple[VirtualService, HTTPRoute]]] = {}
        for root in self._mesh.all(VirtualService):
            for route in root.http:
                if route.delegate is not None:
                    for target in self.named(route.delegate, root):
                        index.setdefault(target, []).append((root, route))
        return index
