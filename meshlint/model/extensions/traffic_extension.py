"""TrafficExtension: a WebAssembly module or a Lua script in the proxy. Since Istio 1.30."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.extensions.common import TrafficSelector, VmConfig
from meshlint.model.selection import PolicyTargetReference, Selecting, WorkloadSelector


class WasmConfig(Message, frozen=True):
    """A WebAssembly module; the fields are those of WasmPlugin."""

    url: str | None = None
    """`oci://` (also without a scheme), `http://`, `https://` or `file://` (of the proxy's container)."""
    sha256: str | None = None
    image_pull_policy: str | None = None
    image_pull_secret: str | None = None
    verification_key: str | None = None
    """Not implemented by istiod."""
    plugin_config: Any = None
    plugin_name: str | None = None
    fail_strategy: str | None = None
    """`FAIL_CLOSE` (the default), `FAIL_OPEN` or `FAIL_RELOAD`."""
    vm_config: VmConfig | None = None
    type: str | None = None
    """`HTTP` (the default) or `NETWORK`."""


class LuaConfig(Message, frozen=True):
    """A Lua script, for HTTP only."""

    inline_code: str | None = None


class TrafficExtensionSpec(Message, frozen=True):
    """What a TrafficExtension says: exactly one of `wasm` and `lua`."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    target_refs: tuple[PolicyTargetReference, ...] | None = None
    phase: str | None = None
    """`AUTHN`, `AUTHZ`, `STATS`: before that filter of Istio; absent: at the end."""
    priority: int | None = None
    """Higher comes first within a phase; 0 if absent."""
    match: tuple[TrafficSelector, ...] | None = None
    """Absent: all traffic."""
    wasm: WasmConfig | None = None
    lua: LuaConfig | None = None


class TrafficExtension(Selecting, frozen=True):
    """Runs code inside proxies."""

    spec: TrafficExtensionSpec | None = None
    status: Any = None
