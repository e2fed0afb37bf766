"""Which registries of endpoints does a mesh of several clusters know?"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.references import EXISTS, Reference
from meshlint.mesh.trust import Sought
from meshlint.model.kubernetes.config import Secret

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.base import Resource

_REMOTE = "istio/multiCluster"
_BUILT_IN = frozenset({"Mock", "Kubernetes", "External"})
"""Of `pkg/cluster` and `pilot/pkg/serviceregistry/provider`; case counts."""


class Registries:
    """Clusters by the names they are registered under."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def resolve(self, name: str, referrer: Resource) -> Reference:
        """Follow a `fromRegistry`. NO: the files hold the access to other clusters, but not to this one."""
        if name in _BUILT_IN or name in self.names or name == self._mesh.settings.cluster_name:
            return EXISTS
        sought = Sought("Secret", self._mesh.namespace(referrer), name, referrer)
        return self._mesh.trust.judge(sought, lambda: None, lambda: bool(self.names))

    @cached_property
    def names(self) -> Collection[str]:
        """The names under which remote Secrets give access to clusters."""
        secrets = (item for item in self._mesh.all(Secret) if item.labels.get(_REMOTE) == "true")
        return {name for secret in secrets for name in secret.keys}
