"""Which image does the injector give proxies, and which pods have another?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.mesh.injection import INJECTION, PROXY, REVISION
from meshlint.model.kubernetes.config import ConfigMap
from meshlint.model.kubernetes.pod import Pod

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.kubernetes.namespace import Namespace

_INJECTOR = "istio-sidecar-injector"
_OWN_IMAGE = "sidecar.istio.io/proxyImage"


class ProxyImages:
    """Images by revision of the control plane."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def outdated(self, namespace: Namespace) -> Iterator[tuple[Pod, str, str]]:
        """Pods of an injected namespace, the image of their proxy, and the one that the injector gives now.

        A variant (`-distroless`, `-debug`) of the image is the same image; a pod that chose its own
        (`sidecar.istio.io/proxyImage`) is not judged.
        """
        revision = namespace.labels.get(REVISION) or ("default" if namespace.labels.get(INJECTION) == "enabled" else "")
        wanted = self._by_revision.get(revision)
        if wanted is None:
            return
        for _, name in sorted(self._mesh.identities(namespace)):
            for workload in self._mesh.workloads.of(name):
                pod = workload.resource
                if not isinstance(pod, Pod) or _OWN_IMAGE in workload.annotations:
                    continue
                for container in workload.pod.all_containers():
                    image = container.image or ""
                    if container.name == PROXY and image and image != wanted and not image.startswith(f"{wanted}-"):
                        yield pod, image, wanted

    @cached_property
    def _by_revision(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for config in self._mesh.all(ConfigMap):
            if config.name.startswith(_INJECTOR):
                image = _image((config.data or {}).get("values") or "")
                if image:
                    found[config.name.removeprefix(_INJECTOR).removeprefix("-") or "default"] = image
        return found


def _image(values: str) -> str | None:
    """The proxy's image of an injector's values (JSON); None where they do not say it."""
    try:
        found: Any = msgspec.json.decode(values)
    except (msgspec.DecodeError, RecursionError):
        return None
    section = found.get("global") if isinstance(found, dict) else None
    proxy = section.get("proxy") if isinstance(section, dict) else None
    image = proxy.get("image") if isinstance(proxy, dict) else None
    if not isinstance(image, str) or not isinstance(section, dict):
        return None
    return image if "/" in image else f"{section.get('hub')}/{image}:{section.get('tag')}"
