"""What of a workload itself decides: has it a proxy, which of its ports does STRICT reach, which does it leave open?"""

from collections.abc import Iterator

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.capture import EXCLUDE_INBOUND, INCLUDE_INBOUND, PROXY_PORTS
from meshlint.mesh.mtls import Mode, ServerMode
from meshlint.mesh.workloads import Workload
from meshlint.model.security.peer_authentication import PeerAuthentication
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import DataPlane, Level


def check(ground: Ground) -> Iterator[Found]:
    """R2, R7, R8 and R13 of every workload."""
    for workload in ground.servers:
        plane = ground.plane(workload)
        if plane is DataPlane.NONE:
            yield _without_proxy(workload, ground)
        elif plane is not DataPlane.GATEWAY:
            if plane is DataPlane.UNKNOWN:
                yield _maybe_without_proxy(workload, ground)
            yield from _exceptions(workload, ground)
            yield from _uncaptured(workload, ground)
    yield from _unlabelled(ground)


def _without_proxy(workload: Workload, ground: Ground) -> Found:
    """R2: STRICT does not reach the workload. An exception, if anything calls it."""
    state = ground.mesh.injection.state(workload)
    serves = bool(ground.mesh.services.of_workload(workload))
    text = f"has no proxy because of {state.reason}"
    idle = "no Service leads to it, so STRICT changes nothing for it"
    end = "STRICT does not reach it, and it goes on taking plain text" if serves else idle
    related = () if state.decided_by in {None, workload.resource} else ((at(state.decided_by), "this decides it"),)
    level = Level.EXCEPTION if serves else Level.NOTE
    advice = "give its pods a sidecar, if it is to be reached by mTLS only" if serves else None
    return Found(workload, "R2", level, f"{text}: {end}", advice, at(workload.resource), related)


def _maybe_without_proxy(workload: Workload, ground: Ground) -> Found:
    text = f"no file says whether its pods get a sidecar: {ground.mesh.injection.state(workload).reason}"
    return Found(workload, "R2", Level.UNKNOWN, text, None, at(workload.resource))


def _unlabelled(ground: Ground) -> Iterator[Found]:
    """R2, for a whole namespace: what to write so that its workloads can be judged."""
    for namespace in sorted({item.namespace for item in ground.servers if ground.plane(item) is DataPlane.UNKNOWN}):
        yield Found(
            namespace,
            "R2",
            Level.UNKNOWN,
            "no file says whether its pods get a sidecar",
            f"write the label `istio-injection` into the manifest of the Namespace `{namespace}`; where kubectl sets it, "
            f"`--injected {namespace}` says so, and `--scope complete` that nothing sets it",
        )


def _exceptions(workload: Workload, ground: Ground) -> Iterator[Found]:
    """R8: what goes on taking plain text by policies for single workloads; R7: policies that compete."""
    server = ground.mesh.mtls.server
    whole = server.of_workload(workload)
    yield from _exception(workload, whole, "all ports")
    for port in sorted(ground.ports[workload]):
        mode = server.of_workload(workload, port)
        if _key(mode) != _key(whole):
            yield from _exception(workload, mode, f"port {port}")


def _key(mode: ServerMode) -> tuple[object, ...]:
    return tuple((mode, policies) for mode, policies in mode.possible.items())


def _exception(workload: Workload, mode: ServerMode, what: str) -> Iterator[Found]:
    if mode.rivals:
        names = " and ".join(f"`{policy.name}`" for policy in mode.rivals[:2])
        text = f"{what}: {names} pick it both, and the oldest counts, which no file tells"
        places = tuple((_mode_place(policy), "one of them") for policy in mode.rivals)
        yield Found(workload, "R7", Level.UNKNOWN, text, "leave one policy", places[0][0], places[1:])
        return
    for weak, policies in mode.possible.items():
        if weak is not Mode.STRICT and policies:
            text = f"{what} stay{'' if what.startswith('all') else 's'} {weak.value} by PeerAuthentication `{policies[0].name}`"
            advice = "remove the exception when the last client that needs it is in the mesh"
            yield Found(workload, "R8", Level.EXCEPTION, text, advice, _mode_place(policies[0]))


def _mode_place(policy: PeerAuthentication) -> Place:
    spec = policy.spec
    if spec and spec.mtls and spec.mtls.mode and not spec.port_level_mtls:
        return at(policy, spec.mtls, "mode")
    return at(policy)


def _uncaptured(workload: Workload, ground: Ground) -> Iterator[Found]:
    """R13: ports whose traffic annotations lead past the sidecar: STRICT does not reach them."""
    if ground.plane(workload) is not DataPlane.SIDECAR:
        return
    ports = [
        port
        for port in sorted(ground.ports[workload])
        if port not in PROXY_PORTS and ground.mesh.mtls.capture.inbound(workload, port) is Answer.NO
    ]
    if not ports:
        return
    key = next((key for key in (EXCLUDE_INBOUND, INCLUDE_INBOUND) if key in workload.annotations), None)
    metadata = workload.template.metadata
    place = at(workload.resource, metadata, "annotations", key) if key and metadata else at(workload.resource)
    listed = ", ".join(map(str, ports))
    yield Found(
        workload,
        "R13",
        Level.EXCEPTION,
        f"port{'s' if len(ports) > 1 else ''} {listed}: traffic does not go through the sidecar, so STRICT does not reach it",
        f"remove `{key}`, if the port is to be reached by mTLS only" if key else None,
        place,
    )
