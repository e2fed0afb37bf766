"""Who may see a resource: `exportTo`, the Service annotation, and the mesh's defaults.

`visible` is about clients: the namespace is that of the proxy, not of another resource. Which of
the visible services a Sidecar then leaves over is a question for `mesh.sidecars`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource
    from meshlint.model.kubernetes.service import Service
    from meshlint.model.networking.destination_rule import DestinationRule

EVERYWHERE = frozenset({"*"})
_NOWHERE: frozenset[str] = frozenset()
_PRIVATE = frozenset({"."})
_ANNOTATION = "networking.istio.io/exportTo"


class Visibility:
    """The namespaces that see a resource."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._known: dict[Resource, frozenset[str]] = {}

    def visible(self, resource: Resource, namespace: str) -> bool:
        """Whether proxies of a namespace may see a resource. What cannot be read is taken for visible."""
        exports = self.exports(resource)
        return "*" in exports or namespace in exports

    def exports(self, resource: Resource) -> frozenset[str]:
        """Give the namespaces that see a resource: their names, `*` for all; empty where none does."""
        exports = self._known.get(resource)
        if exports is None:
            exports = self._known[resource] = self._exports(resource)
        return exports

    def _exports(self, resource: Any) -> frozenset[str]:
        settings = self._mesh.settings
        kind = type(self._mesh.written(resource)).__name__  # none of these has to be imported
        written: Sequence[str] | None
        if kind == "Service":
            written = _annotated(resource) or settings.default_service_export_to
        elif kind == "ServiceEntry":
            written = (resource.spec.export_to if resource.spec else None) or settings.default_service_export_to
        elif kind == "VirtualService":
            written = (resource.spec.export_to if resource.spec else None) or settings.default_virtual_service_export_to
        elif kind == "DestinationRule":
            return _rules(resource, settings.default_destination_rule_export_to, self._mesh.homes(resource))
        else:
            return EVERYWHERE
        return _shown(written, self._mesh.homes(resource)) if written else EVERYWHERE


def written_exports(rule: DestinationRule) -> frozenset[str]:
    """Give the `exportTo` of a DestinationRule as istiod keeps it: one with a workload selector is private."""
    if rule.spec is None:
        return _NOWHERE
    if rule.spec.workload_selector is not None:
        return _PRIVATE
    return frozenset(rule.spec.export_to) if rule.spec.export_to else _NOWHERE


def _shown(entries: Sequence[str], own: Iterable[str]) -> frozenset[str]:
    """`initVirtualServices`, `initServiceRegistry` in `pilot/pkg/model/push_context.go`: `*` beats `~` beats names."""
    if "*" in entries:
        return EVERYWHERE
    return _NOWHERE if "~" in entries else _named(entries, own)


def _rules(rule: DestinationRule, default: Sequence[str] | None, own: Iterable[str]) -> frozenset[str]:
    """`setDestinationRules` in `pilot/pkg/model/push_context.go`: of the default only `.` counts."""
    entries = written_exports(rule)
    if not entries:
        return frozenset(own) if default and "." in default else EVERYWHERE
    return EVERYWHERE if "*" in entries else _named(entries, own)


def _named(entries: Iterable[str], own: Iterable[str]) -> frozenset[str]:
    names = frozenset(entry for entry in entries if entry not in {".", "~"})
    return names.union(own) if "." in entries else names


def _annotated(service: Service) -> list[str]:
    """`ConvertService` in `pilot/pkg/serviceregistry/kube/conversion.go`."""
    text = service.annotations.get(_ANNOTATION)
    return [part.strip() for part in text.split(",")] if text else []
