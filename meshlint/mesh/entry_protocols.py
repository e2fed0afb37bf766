"""Which ServiceEntries give one port of one host different protocols?

Hosts are compared as they are written (`istioctl analyze`, ConflictingServiceEntryProtocolAnalyzer):
a wildcard and a host below it are two services. A port without a protocol is one whose protocol
proxies detect, and so differs from every other.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.rivals import Rivals, strangers
from meshlint.model.networking.service_entry import ServiceEntry, ServicePort

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

_Place = tuple[str, int]
"""A host and the number of a port."""


class Clash(msgspec.Struct, frozen=True, eq=False):
    """A port to which others give another protocol."""

    host: str
    port: ServicePort
    rivals: Rivals


class EntryProtocols:
    """Protocols by host, port and who sees them."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._known: dict[tuple[_Place, frozenset[str], str], Sequence[ServiceEntry]] = {}

    def clashes(self, entry: ServiceEntry) -> Iterator[Clash]:
        """The ports of an entry that clash, each once, with the first host for which it does."""
        if not self._contested:
            return
        for port in entry.ports:
            for host in dict.fromkeys(host.lower() for host in entry.hosts) if port.number else ():
                others = self._others(entry, (host, port.number or 0), _protocol(port))
                found = strangers(self._mesh, entry, others)
                if found:
                    yield Clash(host, port, found)
                    break

    def _others(self, entry: ServiceEntry, place: _Place, protocol: str) -> Sequence[ServiceEntry]:
        """Those that some namespace sees together with this one, and that have another protocol."""
        if place not in self._contested:
            return ()
        exports = self._mesh.visibility.exports(entry)
        key = (place, frozenset("*") if "*" in exports else exports, protocol)
        if key not in self._known:
            scopes = self._by_scope.get(place, {})
            wanted = sorted(scopes) if "*" in exports else ("*", *sorted(exports))
            seen = [scope for scope in wanted if scope in scopes]
            found = (
                item for scope in seen for other, items in scopes[scope].items() if other != protocol for item in items
            )
            self._known[key] = list(dict.fromkeys(found))
        return self._known[key]

    @cached_property
    def _by_scope(self) -> dict[_Place, dict[str, dict[str, list[ServiceEntry]]]]:
        """The entries of contested places: by host and port, by the namespace that sees them, by protocol."""
        index: dict[_Place, dict[str, dict[str, list[ServiceEntry]]]] = {}
        for entry in self._mesh.all(ServiceEntry):
            exports = self._mesh.visibility.exports(entry)
            for port in entry.ports:
                for place in {(host.lower(), port.number or 0) for host in entry.hosts} & self._contested:
                    scopes = index.setdefault(place, {})
                    for scope in exports:
                        scopes.setdefault(scope, {}).setdefault(_protocol(port), []).append(entry)
        return index

    @cached_property
    def _contested(self) -> set[_Place]:
        """The places that have more than one protocol, whoever sees them."""
        first: dict[_Place, str] = {}
        contested: set[_Place] = set()
        for entry in self._mesh.all(ServiceEntry):
            for port in entry.ports:
                if port.number:
                    protocol = _protocol(port)
                    for host in entry.hosts:
                        place = (host.lower(), port.number)
                        if first.setdefault(place, protocol) != protocol:
                            contested.add(place)
        return contested


def _protocol(port: ServicePort) -> str:
    return (port.protocol or "").upper()
