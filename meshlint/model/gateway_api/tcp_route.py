"""TCPRoute: where the connections of a port go."""

from collections.abc import Iterator
from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import BackendObjectReference, ParentReference, SimpleRouteRule


class TCPRouteSpec(Message, frozen=True):
    """What a TCPRoute says."""

    parent_refs: tuple[ParentReference, ...] | None = None
    rules: tuple[SimpleRouteRule, ...] | None = None
    use_default_gateways: str | None = None


class TCPRoute(Resource, frozen=True):
    """Routes TCP connections."""

    spec: TCPRouteSpec | None = None
    status: Any = None

    @property
    def parents(self) -> tuple[ParentReference, ...]:
        """The parents as written."""
        return self.spec.parent_refs or () if self.spec else ()

    def backends(self) -> Iterator[BackendObjectReference]:
        """Every backend of every rule."""
        for rule in (self.spec.rules if self.spec else None) or ():
            yield from rule.backend_refs or ()
