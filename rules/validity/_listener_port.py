"""Ports of listeners, in Gateways and Sidecars: what istiod refuses in both kinds, or in both halves of a Sidecar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.suggest import nearest
from meshlint.values.hosts import label
from meshlint.values.protocols import protocol

from ._frame import Faults, fault

if TYPE_CHECKING:
    from meshlint.model.networking.server import Port

UNIX = "unix://"

_PROTOCOLS = ("HTTP", "HTTPS", "HTTP2", "GRPC", "GRPC-Web", "TLS", "TCP", "MONGO", "REDIS", "MYSQL")


def target_port(port: Port, owner: str) -> Faults:
    """Rows gw-targetport, sc-in-targetport, sc-eg-targetport: without effect, and refused since 1.20."""
    if port.target_port:
        yield fault(
            port,
            "target_port",
            what=f"`targetPort: {port.target_port}`",
            why=f"it has no effect in {owner}",
            help="remove `targetPort`; ports are mapped by the Service",
        )


def protocol_help(written: str, otherwise: str) -> str:
    """The protocol that was probably meant, or what to write otherwise."""
    near = nearest(written, _PROTOCOLS)
    return f"did you mean `{near}`?" if near else otherwise


def sc_port_name(port: Port) -> Faults:
    """Rows sc-in-port-name, sc-eg-port-name: a DNS label, if it is there."""
    reason = label(port.name) if port.name else None
    if reason:
        yield fault(
            port,
            "name",
            what=f"port name `{port.name}`",
            why=reason,
            help="write letters, digits and `-`, or leave the name out",
        )


def sc_protocol(port: Port) -> Faults:
    """Rows sc-in-protocol, sc-eg-protocol: one of Istio, or none, for its detection."""
    reason = protocol(port.protocol) if port.protocol else None
    if reason:
        yield fault(
            port,
            "protocol",
            what=f"protocol `{port.protocol}`",
            why=reason,
            help=protocol_help(port.protocol or "", "write HTTP, HTTPS, GRPC, TLS or TCP, or leave it out"),
        )
