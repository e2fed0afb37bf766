"""What rules about STRICT servers share: does a port surely refuse plain text, and which policy makes it do so?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.api import Answer, Mesh, Place, Resource, at

if TYPE_CHECKING:
    from meshlint.api import PeerAuthentication
    from meshlint.mesh.outsiders import OutsideCall
    from meshlint.mesh.workloads import Workload


def refusing(workload: "Workload", port: int, other: Resource, mesh: Mesh) -> "Sequence[PeerAuthentication]":
    """The policies that make a port refuse plain text; none where it may take it, or where `other` is an alternative."""
    if mesh.mtls.enforces(workload, port) is not Answer.YES:
        return ()
    policies = mesh.mtls.server.of_workload(workload, port).policies
    together = (mesh.trust.may_conflict(policy, other) for policy in policies)
    return policies if all(together) and mesh.trust.may_conflict(workload.resource, other) else ()


def refused_call(call: "OutsideCall", mesh: Mesh) -> "tuple[Workload, int, Sequence[PeerAuthentication]] | None":
    """The first server that refuses a call from outside of the mesh, its port, and the policies that say so."""
    for endpoint in mesh.mtls.client.endpoints.of_port(call.service, call.port) or ():
        if endpoint.workload is not None and endpoint.port is not None:
            policies = refusing(endpoint.workload, endpoint.port, call.place.resource, mesh)
            if policies:
                return endpoint.workload, endpoint.port, policies
    return None


def strict_end(policy: "PeerAuthentication") -> tuple[Place, str]:
    """Where STRICT is set, as a related place."""
    spec = policy.spec
    if spec and spec.mtls and spec.mtls.mode == "STRICT":
        return at(policy, spec.mtls, "mode"), "STRICT is set here"
    return at(policy), "STRICT is set by this policy"
