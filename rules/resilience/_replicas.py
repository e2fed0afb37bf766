"""How many pods has the host of a DestinationRule, where the files fix their number?"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from meshlint.api import DestinationRule, Mesh, Service
from meshlint.model.base import Generic

if TYPE_CHECKING:
    from meshlint.mesh.workloads import Workload


class FixedPods(msgspec.Struct, frozen=True, eq=False):
    """The pods of a host."""

    workloads: "tuple[Workload, ...]"
    total: int
    """All replicas together."""


@lru_cache(maxsize=1)  # two rules look at one resource after another
def fixed_pods(destination_rule: DestinationRule, mesh: Mesh) -> FixedPods | None:
    """The pods of the rule's host; None where the input does not show all of them, or something scales them."""
    host = destination_rule.spec.host if destination_rule.spec else None
    if not host:
        return None
    services = mesh.hosts.services(host, mesh.namespace(destination_rule))
    if not all(isinstance(service, Service) for service in services):
        return None
    workloads = tuple(
        dict.fromkeys(
            pod for service in services if isinstance(service, Service) for pod in mesh.services.workloads(service)
        )
    )
    counts = [_replicas(mesh, workload) for workload in workloads]
    known = [count for count in counts if count is not None]
    if not known or len(known) < len(counts) or not all(mesh.workloads.readable(pod.namespace) for pod in workloads):
        return None
    return FixedPods(workloads, sum(known))


def _replicas(mesh: Mesh, pod: "Workload") -> int | None:
    """How many pods a workload says itself that it has; None where it says nothing, or that may change."""
    from meshlint.api import Deployment, StatefulSet

    resource = pod.resource
    if not isinstance(resource, Deployment | StatefulSet) or resource.spec is None:
        return None
    if mesh.is_patched(resource) or ("spec", "replicas") in mesh.patched(resource):
        return None
    scaled = (pod.namespace, resource.kind, resource.name) in _scaled(mesh)
    return None if scaled else resource.spec.replicas or None


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
