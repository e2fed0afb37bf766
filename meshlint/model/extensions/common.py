"""What WasmPlugin and TrafficExtension have in common."""

from meshlint.model.base import Message
from meshlint.model.networking.common import PortSelector


class TrafficSelector(Message, frozen=True):
    """Traffic that passes through the extension; all fields must hold."""

    mode: str | None = None
    """`CLIENT_AND_SERVER` (the default), `CLIENT` or `SERVER`. Gateways count as `CLIENT`."""
    ports: tuple[PortSelector, ...] | None = None
    """Absent: every port."""


class EnvVar(Message, frozen=True):
    """An environment variable of the Wasm virtual machine."""

    name: str | None = None
    value: str | None = None
    value_from: str | None = None
    """`INLINE` (the default: `value`) or `HOST` (that of the proxy's container)."""


class VmConfig(Message, frozen=True):
    """Settings of the Wasm virtual machine."""

    env: tuple[EnvVar, ...] | None = None
