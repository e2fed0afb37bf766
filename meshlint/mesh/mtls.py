"""Effective mTLS: what a port asks for, what its callers send, and whether the two agree.

`server_mtls` answers for PeerAuthentications, `client_mtls` for DestinationRules and auto mTLS,
`capture` for the traffic that a sidecar sees at all. Here they meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.answers import Answer
from meshlint.mesh.capture import Capture
from meshlint.mesh.client_mtls import Clients, Connection, Wire
from meshlint.mesh.context import Scope
from meshlint.mesh.endpoints import Endpoint
from meshlint.mesh.server_mtls import Mode, ServerMode, ServerModes
from meshlint.model.security.peer_authentication import PeerAuthentication

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.proxy_calls import ProxyCalls
    from meshlint.mesh.services import Selecting
    from meshlint.mesh.workloads import Workload

__all__ = ["Connection", "Endpoint", "Mode", "MutualTLS", "ServerMode", "Wire"]


class MutualTLS:
    """The mTLS of the mesh."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self.server = ServerModes(mesh)
        self.capture = Capture(mesh)
        self.client = Clients(mesh, self.server, self.capture)

    @cached_property
    def proxy_calls(self) -> ProxyCalls:
        """The calls that proxies make by themselves."""
        from meshlint.mesh.proxy_calls import ProxyCalls

        return ProxyCalls(self._mesh)

    def guards(self, workload: Workload, port: int) -> Answer:
        """Whether a proxy stands before a port, so that PeerAuthentications matter to it.

        A gateway's own listeners are no ports of that kind: their `Gateway` says what they take.
        """
        injection = self._mesh.injection
        if injection.gateway(workload) is Answer.YES:
            return Answer.NO
        if injection.ambient(workload) is Answer.YES:
            return Answer.YES
        if injection.sidecar(workload) is Answer.YES:
            return self.capture.inbound(workload, port)
        return injection.in_mesh(workload)

    def enforces(self, workload: Workload, port: int) -> Answer:
        """Whether a port refuses plain text: its mode is STRICT, and a proxy is there to refuse it."""
        guarded, strict = self.guards(workload, port), self.server.is_strict(self.server.of_workload(workload, port))
        if Answer.NO in {guarded, strict}:
            return Answer.NO
        return Answer.YES if guarded is strict is Answer.YES else Answer.UNKNOWN

    def is_strict_throughout(self, namespace: str) -> Answer:
        """Whether a namespace is STRICT and no policy of it makes an exception, as far as the files tell."""
        strict = self.server.is_strict(self.server.of_namespace(namespace))
        return Answer.UNKNOWN if strict is Answer.YES and namespace in self._with_exceptions else strict

    def is_disabled_throughout(self, namespace: str) -> Answer:
        """Whether mTLS is switched off in a namespace and no policy of it makes an exception, as far as the files tell."""
        mode = self.server.of_namespace(namespace)
        if mode.mode is not Mode.DISABLE:
            return Answer.NO if mode.mode is not None and mode.is_written else Answer.UNKNOWN
        doubtful = mode.is_clouded or namespace in self._with_exceptions
        return (
            Answer.UNKNOWN
            if doubtful or self._mesh.injection.ambient_namespace(namespace) is Answer.YES
            else Answer.YES
        )

    @cached_property
    def _with_exceptions(self) -> frozenset[str]:
        """The namespaces that hold policies for single workloads."""
        policies = [item for item in self._mesh.all(PeerAuthentication) if item.spec and item.spec.selector]
        return frozenset(namespace for item in policies for namespace in self._mesh.homes(item))

    def accepts(self, workload: Workload, port: int, wire: Wire) -> Answer:
        """Whether a port takes what a client sends.

        Mesh mTLS breaks on a port without proxy, and on one whose mode is DISABLE; plain text and
        TLS of the client's own break on STRICT. The default mode is no evidence that plain text is
        taken, as a policy may be in no file.
        """
        guarded = self.guards(workload, port)
        if guarded is Answer.NO:
            return Answer.of(wire is not Wire.MESH)
        if guarded is Answer.UNKNOWN:
            return Answer.UNKNOWN
        mode = self.server.of_workload(workload, port)
        answers = {takes(possible, wire) for possible in mode.possible}
        sure = mode.is_written or wire is Wire.MESH or self._mesh.context.scope is Scope.COMPLETE
        if len(answers) > 1 or mode.is_clouded or (Answer.YES in answers and not sure):
            return Answer.UNKNOWN
        return answers.pop()

    def honours_ingress_tls(self, workload: Workload, port: int) -> Answer:
        """Whether `tls` of a Sidecar's ingress listener is in force: with a feature of istiod, and DISABLE on that port.

        `ENABLE_TLS_ON_SIDECAR_INGRESS` in `pilot/pkg/features/pilot.go`; off by default. Where no file sets it,
        `istioctl install --set` may have: no file is the whole installation, whatever the scope.
        """
        enabled = self._mesh.settings.environment("ENABLE_TLS_ON_SIDECAR_INGRESS")
        mode = self.server.of_workload(workload, port)
        if (enabled or "").lower() == "true":
            return Answer.UNKNOWN if mode.mode is None else Answer.of(mode.mode is Mode.DISABLE)
        if Mode.DISABLE not in mode.possible:
            return Answer.NO
        return Answer.NO if enabled is not None else Answer.UNKNOWN

    def connections(
        self, client: Workload | str, service: Selecting, port: int, subset: str | None = None, host: str | None = None
    ) -> Sequence[Connection]:
        """How a client (a workload, or any in the mesh of a namespace) speaks to the endpoints of a service's port."""
        return self.client.connections(client, service, port, subset, host)

    def broken(
        self, client: Workload | str, service: Selecting, port: int, subset: str | None = None
    ) -> Iterator[Connection]:
        """The connections that the server surely refuses."""
        for connection in self.connections(client, service, port, subset):
            endpoint = connection.endpoint
            if connection.wire is None or endpoint is None or endpoint.workload is None or endpoint.port is None:
                continue
            if self.accepts(endpoint.workload, endpoint.port, connection.wire) is Answer.NO:
                yield connection


def takes(mode: Mode, wire: Wire) -> Answer:
    """Whether a port of this mode, behind a proxy, takes what a client sends."""
    if mode is Mode.PERMISSIVE:
        return Answer.YES
    return Answer.of((wire is Wire.MESH) is (mode is Mode.STRICT))
