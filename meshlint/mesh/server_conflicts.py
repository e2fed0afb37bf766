"""Which servers of Gateways get into each other's way, on one port of the same pods?

Decided by `pilot/pkg/model/gateway.go` (MergeGateways): the servers of all Gateways of a pod are put
together, the oldest Gateway first, and a server that does not fit the ones before it is left out:

* one of another protocol family: HTTP, TLS (HTTPS included) and plain TCP cannot share a port;
* one of TLS with a host that is there already, since a connection is told by its SNI alone;
* a second one of plain TCP, of which there is nothing to tell connections apart by.

Servers of plain HTTP merge, whatever their hosts, and so do a wildcard and a host below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.gateways import BoundServer
from meshlint.mesh.rivals import Rivals, rivals, strangers
from meshlint.model.networking.gateway import Gateway, Server

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource

_HTTP = frozenset({"HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY"})
_TLS = frozenset({"HTTPS", "TLS"})

_Key = tuple[tuple[str, str], ...]
_Port = tuple[str, int]


class Family(str, Enum):
    """Protocols that can share a port."""

    HTTP = "HTTP"
    TLS = "TLS"
    TCP = "plain TCP"


class Conflict(msgspec.Struct, frozen=True, eq=False):
    """Why a server and those of others do not go together."""

    family: Family
    others: Family
    """The same where a host, or plain TCP, is there twice."""
    host: str | None
    """The host that is there twice."""
    rivals: Rivals
    """Gateways."""


class Certificate(msgspec.Struct, frozen=True, eq=False):
    """A server whose certificate others on the same port use too, for other hosts."""

    server: Server
    name: str
    rivals: Rivals


class ServerConflicts:
    """Servers by the port they share. Every group of servers is looked at once, however many there are."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def of(self, gateway: Gateway) -> Iterator[tuple[Server, Conflict]]:
        """The servers of a Gateway that conflict with those of other Gateways."""
        for server in gateway.servers:
            conflict = self._conflicts.get(server)
            if conflict:
                yield server, conflict

    def certificates(self, gateway: Gateway) -> Iterator[Certificate]:
        """The servers of a Gateway whose certificate is also that of another Gateway of the same pods.

        Of two Gateways with different selectors it is the wider one's, as for `istioctl analyze`.
        """
        key = _key(gateway)
        for server in gateway.servers:
            certificate = _certificate(server)
            if certificate is None:
                continue
            found = rivals(self._mesh, gateway, self._using(certificate, key))
            if found and not all(set(_hosts(other)) == set(server.hosts or ()) for other in found.named):
                yield Certificate(server, certificate[0], found)

    @cached_property
    def _conflicts(self) -> dict[Server, Conflict]:
        found: dict[Server, Conflict] = {}
        for servers in self._groups:
            self._judge(servers, found)
        return found

    def _judge(self, servers: Sequence[BoundServer], found: dict[Server, Conflict]) -> None:
        """Judge the servers of one port."""
        by_family: dict[Family, list[BoundServer]] = {}
        for item in servers:
            by_family.setdefault(family(item.server), []).append(item)
        for one, members in by_family.items():
            for other, foreign in by_family.items():
                if other is not one:
                    self._note(members, foreign, one, other, None, found)
        if Family.TCP in by_family:
            plain = by_family[Family.TCP]
            self._note(plain, plain, Family.TCP, Family.TCP, None, found)
        for host, same in _by_host(by_family.get(Family.TLS, ())).items():
            if len(same) > 1:
                self._note(same, same, Family.TLS, Family.TLS, host, found)

    def _note(
        self,
        members: Sequence[BoundServer],
        foreign: Sequence[BoundServer],
        one: Family,
        other: Family,
        host: str | None,
        found: dict[Server, Conflict],
    ) -> None:
        gateways = list(dict.fromkeys(item.gateway for item in foreign))
        known = set(gateways)
        for member in members:
            if member.server in found:
                continue
            gather = rivals if member.gateway in known else strangers
            others = gather(self._mesh, member.gateway, gateways)
            if others:
                found[member.server] = Conflict(one, other, host, others)

    @property
    def _groups(self) -> Iterator[Sequence[BoundServer]]:
        """The servers that share a port: of nested selectors, and of selectors that pick one pod."""
        for listener in self._mesh.gateways.listeners:
            yield from self._by_home(listener.servers)
        ports = self._by_selector
        for keys in self._selectors_together:
            together: dict[_Port, list[BoundServer]] = {}
            for key in keys:
                for port, servers in ports[key].items():
                    together.setdefault(port, []).extend(servers)
            for servers in together.values():
                yield from self._by_home(servers)

    def _by_home(self, servers: Sequence[BoundServer]) -> Iterator[Sequence[BoundServer]]:
        """The servers of one port, apart by namespace where Gateways are kept to their own."""
        if not self._mesh.gateway_workloads.is_scoped:
            yield servers
            return
        homes: dict[str, list[BoundServer]] = {}
        for item in servers:
            homes.setdefault(self._mesh.namespace(item.gateway), []).append(item)
        yield from homes.values()

    @cached_property
    def _by_selector(self) -> Mapping[_Key, Mapping[_Port, Sequence[BoundServer]]]:
        index: dict[_Key, dict[_Port, list[BoundServer]]] = {}
        for gateway in self._mesh.all(Gateway):
            ports = index.setdefault(_key(gateway), {})
            for server in gateway.servers:
                if server.port is not None and server.port.number:
                    ports.setdefault((server.bind or "", server.port.number), []).append(BoundServer(gateway, server))
        return index

    @cached_property
    def _selectors_together(self) -> Sequence[Sequence[_Key]]:
        """Sets of selectors of which no one includes the other, but that pick one pod together."""
        by_workload: dict[Workload, list[_Key]] = {}
        first = {_key(gateway): gateway for gateway in reversed(self._mesh.all(Gateway))}
        for key, gateway in first.items():
            for workload in self._mesh.gateway_workloads.of(gateway) if key else ():
                by_workload.setdefault(workload, []).append(key)
        return list(dict.fromkeys(tuple(sorted(keys)) for keys in by_workload.values() if len(keys) > 1))

    def _using(self, certificate: tuple[str, ...], key: _Key) -> Sequence[Gateway]:
        """The Gateways that use a certificate on a port, and whose selector includes `key`."""
        if (certificate, key) not in self._users:
            wanted = set(key)
            groups = self._by_certificate.get(certificate, {})
            found = (item for other, items in groups.items() if wanted <= set(other) for item in items)
            self._users[certificate, key] = list(dict.fromkeys(found))
        return self._users[certificate, key]

    @cached_property
    def _users(self) -> dict[tuple[tuple[str, ...], _Key], Sequence[Gateway]]:
        return {}

    @cached_property
    def _by_certificate(self) -> dict[tuple[str, ...], dict[_Key, list[Gateway]]]:
        index: dict[tuple[str, ...], dict[_Key, list[Gateway]]] = {}
        for gateway in self._mesh.all(Gateway):
            for server in gateway.servers:
                certificate = _certificate(server)
                if certificate:
                    index.setdefault(certificate, {}).setdefault(_key(gateway), []).append(gateway)
        return index


def family(server: Server) -> Family:
    """Which servers can share the port of this one."""
    protocol = (server.port.protocol or "" if server.port else "").upper()
    if protocol in _TLS:
        return Family.TLS
    return Family.HTTP if protocol in _HTTP else Family.TCP


def _by_host(servers: Sequence[BoundServer]) -> dict[str, list[BoundServer]]:
    """Servers by the names that clients send, without the namespaces that may use them (`GetSNIHostsForServer`)."""
    index: dict[str, list[BoundServer]] = {}
    for item in servers:
        for host in dict.fromkeys(written.rpartition("/")[2] for written in item.server.hosts or ()):
            index.setdefault(host, []).append(item)
    return index


def _certificate(server: Server) -> tuple[str, ...] | None:
    """What a server proves itself by, and its port; None where it does not end TLS."""
    tls = server.tls
    if tls is None or (tls.mode or "PASSTHROUGH") not in {"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"} or server.port is None:
        return None
    port = f"{server.bind or ''}:{server.port.number}"
    if tls.credential_name:
        return tls.credential_name, port
    if tls.server_certificate and tls.private_key:
        return tls.server_certificate, tls.private_key, port
    return None


def _hosts(gateway: Resource) -> Sequence[str]:
    return tuple(gateway.hosts()) if isinstance(gateway, Gateway) else ()


def _key(gateway: Gateway) -> _Key:
    return tuple(sorted(gateway.selector.items()))
