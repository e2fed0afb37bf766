"""Which Sidecars or Telemetries of a namespace are about the same pods?

Of two that select one pod, and of two without a selector in one namespace, istiod takes the older and
drops the other (`pilot/pkg/model/sidecar.go`, `pilot/pkg/model/telemetry.go`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.rivals import Rivals, rivals
from meshlint.model.networking.sidecar import Sidecar
from meshlint.model.telemetry.telemetry import Telemetry

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload

Selecting = Sidecar | Telemetry
_Labels = tuple[tuple[str, str], ...]


class Shared(msgspec.Struct, frozen=True, eq=False):
    """Pods that others select too."""

    rivals: Rivals
    workload: Workload | None
    """One that both select; None where no file shows the pods, but the selectors are the same."""


class Selections:
    """Sidecars and Telemetries, each among their own kind, by the pods they are about."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def shared(self, resource: Selecting) -> Shared | None:
        """The others that select a pod which `resource` selects; None for one without selector."""
        labels = wanted(resource)
        if not labels:
            return None
        key = tuple(sorted(labels.items()))
        for namespace in self._mesh.homes(resource):
            same = rivals(self._mesh, resource, self._by_selector[resource.kind, namespace, key])
            for workload in self._mesh.selectors.picked(namespace, labels):
                others = same or rivals(self._mesh, resource, self._by_workload[resource.kind, workload])
                if others:
                    return Shared(others, workload)
            if same:
                return Shared(same, None)
        return None

    def defaults(self, resource: Selecting) -> Rivals | None:
        """The others that are about the whole namespace, as `resource` is; None for one with a selector."""
        if not _is_default(resource):
            return None
        for namespace in self._mesh.homes(resource):
            found = rivals(self._mesh, resource, self._defaults[resource.kind, namespace])
            if found:
                return found
        return None

    def _all(self) -> Iterator[tuple[str, Selecting]]:
        resources: list[Selecting] = [*self._mesh.all(Sidecar), *self._mesh.all(Telemetry)]
        for resource in resources:
            for namespace in self._mesh.homes(resource):
                yield namespace, resource

    @cached_property
    def _by_selector(self) -> dict[tuple[str, str, _Labels], list[Selecting]]:
        index: dict[tuple[str, str, _Labels], list[Selecting]] = {}
        for namespace, resource in self._all():
            labels = wanted(resource)
            if labels:
                index.setdefault((resource.kind, namespace, tuple(sorted(labels.items()))), []).append(resource)
        return index

    @cached_property
    def _by_workload(self) -> dict[tuple[str, Workload], list[Selecting]]:
        """The first of each selector: those of equal selectors are rivals anyway."""
        index: dict[tuple[str, Workload], list[Selecting]] = {}
        for (kind, namespace, labels), resources in self._by_selector.items():
            for workload in self._mesh.selectors.picked(namespace, dict(labels)):
                index.setdefault((kind, workload), []).extend(resources[:1])
        return index

    @cached_property
    def _defaults(self) -> dict[tuple[str, str], list[Selecting]]:
        index: dict[tuple[str, str], list[Selecting]] = {}
        for namespace, resource in self._all():
            if _is_default(resource):
                index.setdefault((resource.kind, namespace), []).append(resource)
        return index


def wanted(resource: Selecting) -> Mapping[str, str]:
    """The labels a resource selects pods by."""
    spec = resource.spec
    selector = (spec.workload_selector if isinstance(resource, Sidecar) else spec.selector) if spec else None  # type: ignore[union-attr]
    return selector.wanted if selector else {}


def _is_default(resource: Selecting) -> bool:
    """Whether a resource is about all pods of its namespace."""
    attached = isinstance(resource, Telemetry) and resource.spec is not None and bool(resource.spec.targets)
    return not wanted(resource) and not attached
