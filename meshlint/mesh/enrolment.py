"""Which namespaces were probably meant to be in the mesh, but have no label that brings them in?"""

from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.injection import DATAPLANE_MODE, IGNORED_NAMESPACES, INJECTION, REVISION
from meshlint.model.gateway_api.gateway import Gateway
from meshlint.model.kinds import group_of
from meshlint.model.kubernetes.namespace import Namespace

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

_KEYS = (INJECTION, REVISION, DATAPLANE_MODE)
_POLICIES = frozenset({"security.istio.io", "telemetry.istio.io", "extensions.istio.io"})
"""Groups whose resources are about the pods of their own namespace."""


class Enrolment:
    """Namespaces by their labels."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh

    def is_left_out(self, namespace: Namespace) -> bool:
        """Whether a Namespace has no label, although the files are about its pods.

        Labels may come from kubectl. That they are kept in files is shown by another Namespace that has
        one; a namespace whose pods all are in the mesh by labels of their own is not left out, nor one
        that holds Gateways of the Gateway API and no pods: istiod makes those with a proxy. With
        `--scope complete` every Namespace without a label is (but that of istiod).
        """
        names = {name for _, name in self._mesh.identities(namespace)}
        if any(namespace.labels.get(key) for key in _KEYS) or names & {*IGNORED_NAMESPACES, "istio-system"}:
            return False
        if self._mesh.context.scope is Scope.COMPLETE:
            return True
        if self._mesh.context.scope is Scope.PARTIAL or not self._keeps_labels or self._mesh.is_patched(namespace):
            return False
        root = self._mesh.settings.root_namespace
        if root in names or not names & self._with_policies or self._is_for_gateways(names):
            return False
        return not any(map(self._has_own_proxies, names))

    def _is_for_gateways(self, namespaces: set[str]) -> bool:
        """Whether the only pods that the files bring there are those that istiod makes for Gateways."""
        return bool(namespaces & self._with_made_gateways) and not any(map(self._mesh.workloads.of, namespaces))

    def _has_own_proxies(self, namespace: str) -> bool:
        """Whether pods of a namespace are in the mesh, or may be told so, by labels of their own."""
        injection = self._mesh.injection
        workloads = self._mesh.workloads.of(namespace)
        return any(
            injection.sidecar(item) is not Answer.UNKNOWN or injection.gateway(item) is Answer.YES for item in workloads
        )

    @cached_property
    def _with_made_gateways(self) -> set[str]:
        gateways = self._mesh.all(Gateway)
        return {namespace for gateway in gateways for namespace in self._mesh.homes(gateway)}

    @cached_property
    def _keeps_labels(self) -> bool:
        return any(item.labels.get(key) for item in self._mesh.all(Namespace) for key in _KEYS)

    @cached_property
    def _with_policies(self) -> set[str]:
        """The namespaces that hold policies for their pods."""
        return {
            namespace
            for entry in self._mesh.entries
            if group_of(entry.resource.api_version) in _POLICIES
            for namespace in self._mesh.homes(entry.resource)
        }
