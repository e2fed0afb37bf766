"""TLSRoute: which TLS connections go where, by SNI."""

from collections.abc import Iterator
from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.gateway_api.common import BackendObjectReference, ParentReference, SimpleRouteRule


class TLSRouteSpec(Message, frozen=True):
    """What a TLSRoute says."""

    parent_refs: tuple[ParentReference, ...] | None = None
    hostnames: tuple[str, ...] | None = None
    """Names of the SNI, maybe with a wildcard."""
    rules: tuple[SimpleRouteRule, ...] | None = None
    use_default_gateways: str | None = None


class TLSRoute(Resource, frozen=True):
    """Routes TLS connections."""

    spec: TLSRouteSpec | None = None
    status: Any = None

    @property
    def parents(self) -> tuple[ParentReference, ...]:
        """The parents as written."""
        return self.spec.parent_refs or () if self.spec else ()

    def backends(self) -> Iterator[BackendObjectReference]:
        """Every backend of every rule."""
        for rule in (self.spec.rules if self.spec else None) or ():
            yield from rule.backend_refs or ()
