"""Which health checks of the kubelet meet the proxy as plain text, as nothing rewrites them?

The injector leads HTTP and gRPC checks, and HTTP hooks, to the agent, which calls the application
itself (`pkg/kube/inject/app_probe.go`); an annotation of the pod, or the installation, turns that off.
A TCP check passes whatever the mode is: the proxy accepts the connection
(https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.callers import placed
from meshlint.model.kubernetes.pod import Container, GRPCAction, HTTPGetAction

if TYPE_CHECKING:
    from meshlint.findings import Place
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload


class KubeletCheck(msgspec.Struct, frozen=True, eq=False):
    """A check or hook that reaches a port of the pod as it is written."""

    kind: str
    """`HTTP` or `gRPC`."""
    port: int
    place: Place


def unshielded(workload: Workload, mesh: Mesh) -> Iterator[KubeletCheck]:
    """The checks of a workload's pods that are not rewritten; whether a proxy sees the port is not asked."""
    if mesh.injection.rewrites_probes(workload):
        return
    for container in workload.containers:
        if container.name == "istio-proxy":
            continue
        for action in _actions(container):
            port = _port(action.port, container)
            if port is not None and not (isinstance(action, HTTPGetAction) and action.host):
                kind = "gRPC" if isinstance(action, GRPCAction) else "HTTP"
                yield KubeletCheck(kind, port, placed(workload, action, "port"))


def _actions(container: Container) -> Iterator[HTTPGetAction | GRPCAction]:
    for probe in container.probes():
        if probe.http_get:
            yield probe.http_get
        if probe.grpc:
            yield probe.grpc
    lifecycle = container.lifecycle
    for hook in (lifecycle.post_start, lifecycle.pre_stop) if lifecycle else ():
        if hook and hook.http_get:
            yield hook.http_get


def _port(written: int | str | None, container: Container) -> int | None:
    if isinstance(written, int):
        return written
    if written and written.isdecimal():
        return int(written)
    return next((port.container_port for port in container.ports or () if port.name == written), None)
