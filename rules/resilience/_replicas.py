"""How many pods has the host of a DestinationRule, where the files fix their number?"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import msgspec

from meshlint.api import DestinationRule, Mesh, Service
from meshlint.model.base import TOGETHER, Generic

if TYPE_CHECKING:
    from meshlint.api import Deployment, StatefulSet
    from meshlint.mesh.workloads import Workload

_COUNTED = frozenset({"Deployment", "StatefulSet"})
"""The kinds that say how many pods there are of them."""


class FixedPods(msgspec.Struct, frozen=True, eq=False):
    """The pods of a host."""

    workloads: "tuple[Workload, ...]"
    total: int
    """All replicas together."""


@lru_cache(maxsize=TOGETHER)
def fixed_pods(destination_rule: DestinationRule, mesh: Mesh) -> FixedPods | None:
    """The pods of the rule's host; None where the input does not show all of them, or something scales them."""
    host = destination_rule.spec.host if destination_rule.spec else None
    if not host:
        return None
    workloads: dict[Workload, None] = {}
    for service in mesh.hosts.services(host, mesh.namespace(destination_rule)):
        if not isinstance(service, Service):
            return None
        workloads.update(dict.fromkeys(mesh.services.workloads(service)))
    total = 0
    for workload in workloads:
        count = _replicas(mesh, workload)
        if count is None or not mesh.workloads.readable(workload.namespace):
            return None
        total += count
    return FixedPods(tuple(workloads), total) if workloads else None


def _replicas(mesh: Mesh, pod: "Workload") -> int | None:
    """How many pods a workload says itself that it has; None where it says nothing, or that may change."""
    if pod.kind not in _COUNTED:
        return None
    resource: Deployment | StatefulSet = cast("Any", pod.resource)
    if resource.spec is None or not resource.spec.replicas:
        return None
    patched = mesh.patched(resource)
    if patched and (mesh.is_patched(resource) or ("spec", "replicas") in patched):
        return None
    scaled = _scaled(mesh)
    return None if scaled and (pod.namespace, pod.kind, resource.name) in scaled else resource.spec.replicas


@lru_cache(maxsize=1)  # one mesh at a time
def _scaled(mesh: Mesh) -> Mapping[tuple[str, str, str], bool]:
    """What autoscalers of the input scale."""
    found = {}
    for item in mesh.all(Generic):
        if item.kind in {"HorizontalPodAutoscaler", "ScaledObject"} and isinstance(item.content, dict):
            spec = item.content.get("spec")
            target = spec.get("scaleTargetRef") if isinstance(spec, dict) else None
            if isinstance(target, dict):
                found[mesh.namespace(item), str(target.get("kind") or "Deployment"), str(target.get("name"))] = True
    return found
