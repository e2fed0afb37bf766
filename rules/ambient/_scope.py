"""What rules about ambient mode share: is a policy about pods in ambient mode only?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshlint.api import AuthorizationPolicy, Mesh, RequestAuthentication, Telemetry, WasmPlugin

    Attached = AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin
    """Policies that pick pods by a selector, or name what they are about by `targetRefs`."""


def is_for_ambient(policy: Attached, mesh: Mesh) -> bool:
    """Whether all pods that a policy without `targetRefs` is about surely are in ambient mode."""
    if not mesh.injection.uses_ambient:
        return False
    namespace = mesh.namespace(policy)
    if namespace == mesh.settings.root_namespace or mesh.is_patched(policy):
        return False
    return mesh.injection.is_ambient_throughout(namespace, wanted_labels(policy))


def wanted_labels(policy: Attached) -> Mapping[str, str]:
    """The labels that a policy selects pods by; empty picks all of its namespace."""
    selector = policy.spec.selector if policy.spec else None
    return selector.wanted if selector else {}
