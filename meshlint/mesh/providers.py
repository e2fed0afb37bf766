"""Which extension providers does mesh config define, and who says where logs go?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.context import Scope
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.references import EXISTS, UNKNOWN, Reference, missing
from meshlint.model.telemetry.telemetry import Telemetry

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource

_BUILT_IN = frozenset({"prometheus", "stackdriver", "envoy"})
"""Defined by Istio (`pkg/config/mesh/mesh.go`, DefaultMeshConfig)."""


class Providers:
    """Providers by name."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def resolve(self, name: str, resource: Resource) -> Reference:
        """Follow the name of a provider. NO: the mesh config is known, and has none of that name."""
        settings = self._mesh.settings
        if name in _BUILT_IN or name in settings.extension_providers:
            return EXISTS
        hidden = settings.mixed or self._mesh.context.scope is Scope.PARTIAL or self._mesh.is_patched(resource)
        if hidden or not settings.is_known:
            return UNKNOWN
        return missing(self._names.of(name))

    def logs_above(self, telemetry: Telemetry) -> bool:
        """Whether a Telemetry of a wider scope, of the namespace or the mesh, says where logs go."""
        homes = set(self._mesh.homes(telemetry))
        return any(
            not self._logging[namespace] <= {telemetry}
            for namespace in homes | {self._mesh.settings.root_namespace}
            if namespace in self._logging
        )

    @cached_property
    def _logging(self) -> dict[str, set[Telemetry]]:
        """By namespace, the Telemetries without selector that name a provider of logs."""
        found: dict[str, set[Telemetry]] = {}
        for item in self._mesh.all(Telemetry):
            spec = item.spec
            if spec and spec.selector is None and any(entry.providers for entry in spec.access_logging or ()):
                for namespace in self._mesh.homes(item):
                    found.setdefault(namespace, set()).add(item)
        return found

    @cached_property
    def _names(self) -> Nearest:
        return Nearest({*_BUILT_IN, *self._mesh.settings.extension_providers})
