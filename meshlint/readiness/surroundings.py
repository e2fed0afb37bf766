"""What lies around the workloads: mixed services, machines, headless peers, ambient mode."""

from collections.abc import Iterator

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.endpoints import TLS_MODE
from meshlint.mesh.host_names import service_of
from meshlint.mesh.mtls import Wire
from meshlint.mesh.services import container_port
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.security.peer_authentication import PeerAuthentication
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level


def check(ground: Ground) -> Iterator[Found]:
    """R1, R9 to R11, and DISABLE in ambient mode (R23)."""
    for service in ground.mesh.all(Service):
        yield from _mixed(service, ground)
        yield from _peers(service, ground)
    for entry in ground.mesh.all(ServiceEntry):
        yield from _entry(entry, ground)
    for policy in ground.today.all(PeerAuthentication):
        yield from _ambient_disable(policy, ground)


def _mixed(service: Service, ground: Ground) -> Iterator[Found]:
    """R1: a service that has pods with a proxy and pods without: only the former are protected by STRICT."""
    workloads = ground.mesh.services.workloads(service)
    bare = [item for item in workloads if ground.plane(item) is DataPlane.NONE]
    if not bare or service.is_headless:
        return
    for workload in workloads:
        if ground.plane(workload) in {DataPlane.SIDECAR, DataPlane.AMBIENT}:
            text = f"Service `{service.name}` leads to {bare[0].kind} `{bare[0].name}`, too, which has no proxy: it answers in plain text"
            yield Found(
                workload,
                "R1",
                Level.WARNING,
                text,
                "give all of its pods a proxy",
                at(service),
                ((at(bare[0].resource), "without proxy"),),
            )


def _peers(service: Service, ground: Ground) -> Iterator[Found]:
    """R11: ports of the pods of a headless service that it does not declare: peers use them by address, in plain text."""
    if not service.is_headless:
        return
    for workload in ground.mesh.services.workloads(service):
        if workload.kind != "StatefulSet" or ground.plane(workload) is not DataPlane.SIDECAR:
            continue
        declared = {
            container_port(port, workload)
            for other in ground.mesh.services.of_workload(workload)
            for port in other.ports
        }
        for port in workload.ports:
            number = port.container_port
            if not number or port.protocol not in {None, "TCP"} or number in declared:
                continue
            if ground.takes(workload, number, Wire.PLAIN) is Answer.NO:
                yield Found(
                    workload,
                    "R11",
                    Level.WARNING,
                    f"port {number} is in no Service: if the pods call each other there, it goes as plain text, "
                    "which STRICT refuses",
                    f"declare the port in the headless Service `{service.name}`",
                    at(workload.resource, port, "container_port"),
                )


def _entry(entry: ServiceEntry, ground: Ground) -> Iterator[Found]:
    """R9: hosts of the cluster that count as outside of the mesh; R10: machines that clients send plain text to."""
    spec = entry.spec
    if spec is None:
        return
    namespace = ground.mesh.namespace(entry)
    for number, host in enumerate(spec.hosts or ()):
        service = service_of(ground.mesh.hosts.fqdn(host, namespace))
        known = service is not None and ground.mesh.find("Service", service.namespace, service.name)
        if service is not None and not known and spec.location != "MESH_INTERNAL" and not spec.workload_selector:
            text = f"`{host}` counts as outside of the mesh (`location: MESH_EXTERNAL` is the default): it is sent plain text"
            yield Found(
                service.namespace,
                "R9",
                Level.WARNING,
                text,
                "write `location: MESH_INTERNAL`",
                at(entry, spec, "hosts", number),
            )
    for endpoint in spec.endpoints or ():
        if (
            spec.location == "MESH_INTERNAL"
            and not endpoint.service_account
            and TLS_MODE not in (endpoint.labels or {})
        ):
            text = f"the endpoint `{endpoint.address or ''}` of ServiceEntry `{entry.name}` is sent plain text, as it has no `serviceAccount`"
            advice = "give it a `serviceAccount`, if a proxy of the mesh runs there"
            yield Found(namespace, "R10", Level.WARNING, text, advice, at(entry, endpoint, "address"))


def _ambient_disable(policy: PeerAuthentication, ground: Ground) -> Iterator[Found]:
    """R23: ztunnel knows no DISABLE."""
    namespace = ground.today.namespace(policy)
    mtls = policy.spec.mtls if policy.spec else None
    if mtls and mtls.mode == "DISABLE" and ground.mesh.injection.ambient_namespace(namespace) is Answer.YES:
        text = f"PeerAuthentication `{policy.name}` writes DISABLE, which ambient mode does not know: it is taken for PERMISSIVE"
        yield Found(namespace, "R23", Level.WARNING, text, "write `mode: PERMISSIVE`", at(policy, mtls, "mode"))
