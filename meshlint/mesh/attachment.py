"""Which policies does a gateway of the Gateway API take notice of?

Decided by `pilot/pkg/model/policyattachment.go` (ShouldAttachPolicy): such a gateway takes policies that
name it in `targetRefs`, and those that select its pods unless istiod's
`ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY` is off; a waypoint never takes the latter.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.context import Scope
from meshlint.mesh.injection import GATEWAY_NAME
from meshlint.model.gateway_api.gateway import Gateway

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource

_FEATURE = "ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY"


class Attachment:
    """Gateways of the Gateway API, and the policies for them."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def deaf_gateway(self, policy: Resource, wanted: Mapping[str, str]) -> str | None:
        """The gateway that a selector of a policy is for, and that does not look at selectors.

        None where the selector is also for other pods. With `--scope complete` every gateway of the
        Gateway API counts, as for `istioctl analyze`.
        """
        namespace = self._mesh.namespace(policy)
        name = wanted.get(GATEWAY_NAME) or self._only_gateway(namespace, wanted)
        if name is None:
            return None
        deaf = self._mesh.context.scope is Scope.COMPLETE or self._is_switched_off or self._is_waypoint(namespace, name)
        return name if deaf else None

    def _only_gateway(self, namespace: str, wanted: Mapping[str, str]) -> str | None:
        if not wanted or not self._are_labelled:
            return None
        names = {workload.labels.get(GATEWAY_NAME) for workload in self._mesh.selectors.picked(namespace, wanted)}
        return names.pop() if len(names) == 1 else None

    @cached_property
    def _are_labelled(self) -> bool:
        """Whether some workload of the input has the label of a gateway's pods."""
        return any(GATEWAY_NAME in workload.labels for workload in self._mesh.workloads.all)

    @property
    def _is_switched_off(self) -> bool:
        return (self._mesh.settings.environment(_FEATURE) or "").lower() in {"false", "0", "f"}

    def _is_waypoint(self, namespace: str, name: str) -> bool:
        found = self._mesh.find("Gateway", namespace, name)
        written = [item for item in found if isinstance(item, Gateway) and item.spec]
        pods = self._mesh.selectors.picked(namespace, {GATEWAY_NAME: name})
        if written and all(item.is_waypoint for item in written):
            return True
        return any(self._mesh.injection.waypoint(item) for item in pods)
