"""Callers that are no proxies of the mesh: the API server, other ingress controllers, clients from outside (R17, R18)."""

from collections.abc import Iterator

from meshlint.findings import at
from meshlint.mesh.answers import Answer
from meshlint.mesh.outsiders import OutsideCall, Outsider
from meshlint.mesh.workloads import Workload
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level

_CODES = {Outsider.API_SERVER: "R17"}
_HELP = {
    Outsider.API_SERVER: "leave the port out of STRICT with `portLevelMtls`, as the API server cannot speak mesh mTLS",
    Outsider.INGRESS: "give the controller's pods a sidecar, or leave the port PERMISSIVE with `portLevelMtls`",
    Outsider.LOAD_BALANCER: "lead the clients through a gateway of Istio, or leave the port PERMISSIVE with `portLevelMtls`",
    Outsider.NODE_PORT: "write `type: ClusterIP`, if nobody calls the nodes' ports",
}
_SERVICE_UPSTREAM = "nginx.ingress.kubernetes.io/service-upstream"


def check(ground: Ground) -> Iterator[Found]:
    """Every server that such a caller reaches, once for each place that shows it."""
    for call in ground.mesh.outsiders.all:
        for endpoint in ground.mesh.mtls.client.endpoints.of_port(call.service, call.port) or ():
            if endpoint.workload is None or endpoint.port is None:
                continue
            if ground.takes(endpoint.workload, endpoint.port, call.wire) is Answer.NO:
                yield from _refused(call, endpoint.workload, endpoint.port, ground)


def _refused(call: OutsideCall, server: Workload, port: int, ground: Ground) -> Iterator[Found]:
    code = _CODES.get(call.outsider, "R18")
    end = ", if the pods have a proxy to do so" if ground.plane(server) is DataPlane.UNKNOWN else ""
    related = ((at(call.workload.resource), "the controller"),) if call.workload else ()
    if call.in_mesh is Answer.YES:
        yield from _by_address(call, server, port)
    elif call.in_mesh is Answer.UNKNOWN:
        missing = "no file says whether its pods have a sidecar" if call.workload else "its pods are in no file"
        text = f"{call.who} calls port {port}, and {missing}: a caller without a sidecar is refused by STRICT{end}"
        advice = (
            "add the files of the controller; a load balancer of the cloud has no sidecar: then lead its clients through a "
            "gateway of Istio, or leave the port PERMISSIVE with `portLevelMtls`"
        )
        yield Found(server, code, Level.UNKNOWN, text, advice, call.place, related)
    else:
        level = Level.WARNING if call.outsider is Outsider.NODE_PORT else Level.BLOCKER
        verb = "calls" if call.outsider in {Outsider.API_SERVER, Outsider.INGRESS} else "call"
        text = f"{call.who} {verb} port {port} with {call.wire.value}: STRICT refuses it{end}"
        yield Found(server, code, level, text, _HELP[call.outsider], call.place, related)


def _by_address(call: OutsideCall, server: Workload, port: int) -> Iterator[Found]:
    """An nginx with a sidecar calls the pods by address, past every cluster that has mTLS, unless it is told otherwise."""
    ingress = call.place.resource
    controller = call.workload
    names = (call.who, controller.name if controller else "")
    if any("nginx" in name for name in names) and ingress.annotations.get(_SERVICE_UPSTREAM) != "true":
        yield Found(
            server,
            "R18",
            Level.WARNING,
            f"{call.who} has a sidecar, but calls port {port} by the addresses of pods, which may go out as plain text",
            f'write the annotation `{_SERVICE_UPSTREAM}: "true"` and `upstream-vhost` with the host of the Service',
            call.place,
        )
