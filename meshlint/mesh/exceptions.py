"""PeerAuthentications that make an exception which is none: what they name is not what Istio reads them by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.services import container_port
from meshlint.model.kubernetes.service import Service

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.security.peer_authentication import MutualTLS, PeerAuthentication


class LostPort(msgspec.Struct, frozen=True, eq=False):
    """An entry of `portLevelMtls` whose key is the port of a Service, not of the workload."""

    key: str
    setting: MutualTLS | None
    service: Service
    target: int
    """The port of the workload that was meant."""


def picks_in_root(policy: PeerAuthentication, mesh: Mesh) -> bool:
    """Whether a policy has a selector in the root namespace, where istiod ignores it.

    `pilot/pkg/model/authentication.go` (`GetPeerAuthenticationsForWorkload`) takes policies with a
    selector from the workload's namespace alone, unless that is the root namespace.
    """
    if not (policy.spec and policy.spec.selector and policy.spec.selector.wanted) or policy.namespace is None:
        return False
    return mesh.homes(policy) == (mesh.settings.root_namespace,)


def picked(policy: PeerAuthentication, mesh: Mesh) -> Sequence[Workload]:
    """The workloads that the selector of a policy picks in its own namespace; none for one without selector."""
    wanted = policy.spec.selector.wanted if policy.spec and policy.spec.selector else {}
    if not wanted:
        return ()
    namespaces = mesh.homes(policy)
    return [item for namespace in namespaces for item in mesh.selectors.picked(namespace, wanted)]


def lost_ports(policy: PeerAuthentication, mesh: Mesh) -> Iterator[LostPort]:
    """The ports of a policy that are ports of a Service and of none of the workloads.

    `portLevelMtls` is read by the port that the workload listens on
    (https://istio.io/latest/docs/reference/config/security/peer_authentication/). Nothing is claimed
    where some container has the port, or some Service leads to it.
    """
    entries = policy.spec.port_level_mtls if policy.spec else None
    workloads = picked(policy, mesh) if entries else ()
    if not entries or not workloads:
        return
    listened = {port.container_port for workload in workloads for port in workload.ports}
    leading: dict[str, tuple[Service, int]] = {}
    for workload in workloads:
        for service in mesh.services.of_workload(workload):
            if isinstance(service, Service):
                for port in service.ports:
                    target = container_port(port, workload)
                    listened.add(target)
                    if target is not None and target != port.port:
                        leading.setdefault(str(port.port), (service, target))
    for key, setting in entries.items():
        if key in leading and key.isdecimal() and int(key) not in listened:
            yield LostPort(key, setting, *leading[key])
