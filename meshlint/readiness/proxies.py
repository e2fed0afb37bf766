"""Calls that proxies make by themselves, past the clusters of services: nothing makes mTLS of them (R25).

Those that go through the cluster of a service are judged with the other paths (`paths`).
"""

from collections.abc import Iterator

from meshlint.mesh.answers import Answer
from meshlint.mesh.mtls import Wire
from meshlint.mesh.proxy_calls import DirectCall
from meshlint.mesh.workloads import Workload
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level

_HELP = (
    "call the cluster that istiod makes for the service (`outbound|PORT||HOST`, or a provider of `extensionProviders`), "
    "which speaks mTLS, or leave the port PERMISSIVE with `portLevelMtls`"
)


def check(ground: Ground) -> Iterator[Found]:
    """Every server that such a call reaches and that will refuse it."""
    for call in ground.mesh.mtls.proxy_calls.direct:
        for endpoint in ground.mesh.mtls.client.endpoints.of_port(call.service, call.port) or ():
            server, port = endpoint.workload, endpoint.port
            if server is None or port is None or ground.plane(server) is DataPlane.GATEWAY:
                continue
            if call.wire is not Wire.MESH and ground.takes(server, port, call.wire) is Answer.NO:
                yield _refused(call, server, port, ground)


def _refused(call: DirectCall, server: Workload, port: int, ground: Ground) -> Found:
    end = ", if there is a proxy to do so" if ground.plane(server) is DataPlane.UNKNOWN else ""
    what = call.wire.value if call.is_used else f"{call.wire.value}, where a filter uses it"
    text = f"{call.who} leads proxies to port {port} with {what}: STRICT refuses it{end}"
    return Found(server, "R25", Level.BLOCKER if call.is_used else Level.WARNING, text, _HELP, call.place)
