"""What inside a pod STRICT breaks: probes of the kubelet (R14), and init containers that run before the proxy (R15)."""

from collections.abc import Iterator

from meshlint.mesh.answers import Answer
from meshlint.mesh.callers import in_container
from meshlint.mesh.mtls import Wire
from meshlint.mesh.probes import unshielded
from meshlint.mesh.workloads import Workload
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level

_PROXY_USER = 1337


def check(ground: Ground) -> Iterator[Found]:
    """R14 and R15 of every workload with a sidecar."""
    for workload in ground.servers:
        if ground.plane(workload) is DataPlane.SIDECAR:
            yield from _probes(workload, ground)
            yield from _early_calls(workload, ground)


def _probes(workload: Workload, ground: Ground) -> Iterator[Found]:
    for probe in unshielded(workload, ground.mesh):
        if ground.takes(workload, probe.port, Wire.PLAIN) is Answer.NO:
            yield Found(
                workload,
                "R14",
                Level.BLOCKER,
                f"the kubelet's {probe.kind} check of port {probe.port} is not rewritten, and STRICT refuses it: "
                "the container is taken for dead or unready",
                'let probes be rewritten: remove `sidecar.istio.io/rewriteAppHTTPProbers: "false"`',
                probe.place,
            )


def _early_calls(workload: Workload, ground: Ground) -> Iterator[Found]:
    if (ground.mesh.settings.environment("ENABLE_NATIVE_SIDECARS") or "").lower() == "true":
        return
    for container in workload.pod.init_containers or ():
        user = container.security_context.run_as_user if container.security_context else None
        if container.restart_policy == "Always" or user == _PROXY_USER:
            continue
        for place, mention in in_container(workload, container):
            host = mention.host
            if any(
                ground.mesh.services.workloads(item) for item in ground.mesh.callers.named(host, workload.namespace)
            ):
                yield Found(
                    workload,
                    "R15",
                    Level.WARNING,
                    f"init container `{container.name}` calls `{host}`: without native sidecars it runs before the proxy, "
                    "so that its calls have no mTLS",
                    "use native sidecars (`ENABLE_NATIVE_SIDECARS`), or move the call into the container",
                    place,
                )
                break
