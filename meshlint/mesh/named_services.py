"""Which services does the host of a DestinationRule name, wildcards included?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.mesh.host_names import covers, is_wildcard, service_of
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.service_entry import ServiceEntry

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Selecting


def services_named(host: str, namespace: str, mesh: Mesh) -> Iterator[Selecting]:
    """Give the services that a host written in `namespace` names; for a wildcard those of Kubernetes that it covers."""
    fqdn = mesh.hosts.fqdn(host, namespace)
    if not is_wildcard(fqdn):
        for item in mesh.hosts.named(host, namespace):
            if isinstance(item, Service | ServiceEntry):
                yield item
        return
    domain = mesh.settings.cluster_domain
    home = namespace_of(fqdn)
    for service in mesh.services.of(home) if home else mesh.all(Service):
        if any(covers(fqdn, f"{name}.{place}.svc.{domain}") for place, name in mesh.identities(service)):
            yield service


def namespace_of(host: str) -> str | None:
    """Give the namespace of a wildcard for all its services: `shop` of `*.shop.svc.cluster.local`."""
    service = service_of(f"x{host[1:]}") if host.startswith("*.") else None
    return service.namespace if service else None
