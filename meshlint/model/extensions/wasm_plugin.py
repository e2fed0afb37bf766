"""WasmPlugin: a WebAssembly filter in the proxy."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.extensions.common import TrafficSelector, VmConfig
from meshlint.model.selection import PolicyTargetReference, Selecting, WorkloadSelector, targets_of


class WasmPluginSpec(Message, frozen=True):
    """What a WasmPlugin says."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    target_ref: PolicyTargetReference | None = None
    """The singular form of `target_refs`."""
    target_refs: tuple[PolicyTargetReference, ...] | None = None
    url: str | None = None
    """`oci://` (also without a scheme), `http://`, `https://` or `file://` (of the proxy's container)."""
    sha256: str | None = None
    """Of the module, or of the OCI image."""
    image_pull_policy: str | None = None
    """`IfNotPresent` (the default, except for the tag `latest`) or `Always`."""
    image_pull_secret: str | None = None
    """A Secret of the same namespace."""
    verification_key: str | None = None
    """Not implemented by istiod."""
    plugin_config: Any = None
    plugin_name: str | None = None
    phase: str | None = None
    """`AUTHN`, `AUTHZ`, `STATS`: before that filter of Istio; absent: at the end."""
    priority: int | None = None
    """Higher comes first within a phase; 0 if absent."""
    fail_strategy: str | None = None
    """`FAIL_CLOSE` (the default: 5xx if the module cannot be loaded), `FAIL_OPEN` or `FAIL_RELOAD` (since Istio 1.27)."""
    vm_config: VmConfig | None = None
    match: tuple[TrafficSelector, ...] | None = None
    """Absent: all traffic."""
    type: str | None = None
    """`HTTP` (the default) or `NETWORK`."""

    @property
    def targets(self) -> tuple[PolicyTargetReference, ...]:
        """`target_ref` and `target_refs` together."""
        return targets_of(self.target_ref, self.target_refs)


class WasmPlugin(Selecting, frozen=True):
    """Runs a WebAssembly module inside proxies."""

    spec: WasmPluginSpec | None = None
    status: Any = None
