"""PeerAuthentication: whether a workload takes plain text, mTLS or both."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.selection import Selecting, WorkloadSelector


class MutualTLS(Message, frozen=True):
    """The mode of one scope."""

    mode: str | None = None
    """`UNSET` (the default: inherit), `DISABLE`, `PERMISSIVE`, `STRICT`. Nothing anywhere means PERMISSIVE."""


class PeerAuthenticationSpec(Message, frozen=True):
    """What a PeerAuthentication says."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    mtls: MutualTLS | None = None
    port_level_mtls: dict[str, MutualTLS] | None = None
    """By port of the *workload* (not of the Service). Needs a `selector`, otherwise istiod ignores it."""


class PeerAuthentication(Selecting, frozen=True):
    """Sets the mTLS mode of the server side."""

    spec: PeerAuthenticationSpec | None = None
    status: Any = None
