"""ProxyConfig (the resource): start-up settings of the proxies of some workloads."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.selection import Selecting, WorkloadSelector


class ProxyImage(Message, frozen=True):
    """Which variant of the proxy's image the injector takes."""

    image_type: str | None = None
    """`default`, `debug` or `distroless`."""


class ProxyConfigSpec(Message, frozen=True):
    """What a ProxyConfig says. It wins over mesh config, and an annotation of the pod wins over it."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh."""
    concurrency: int | None = None
    """Worker threads; 0 takes as many as there are cores, absent follows the CPU limit."""
    environment_variables: dict[str, str] | None = None
    """Of the proxy's container."""
    image: ProxyImage | None = None


class ProxyConfig(Selecting, frozen=True):
    """Takes effect when a pod is made: running pods have to be restarted."""

    spec: ProxyConfigSpec | None = None
    status: Any = None
