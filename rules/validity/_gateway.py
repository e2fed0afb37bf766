"""What istiod refuses in a Gateway: reference rows gw-*, in the order of the object (`ValidateGateway`)."""

from meshlint.api import Gateway, Target
from meshlint.model.networking.gateway import Server
from meshlint.model.networking.server import Port, ServerTLSSettings
from meshlint.values.addresses import ip, unix_path
from meshlint.values.hosts import label
from meshlint.values.numbers import port as port_number
from meshlint.values.protocols import is_http, is_tls, protocol

from ._frame import Faults, fault
from ._listener_port import UNIX, protocol_help, target_port
from ._namespaced_hosts import gateway_host
from ._server_tls import server_tls

_SEMANTICS = "internal.istio.io/gateway-semantics"
"""Set to `gateway` by istiod on what it makes of a Gateway of the Gateway API."""
_SIGNS = frozenset({"*", "."})
_SIGNS_OF_CONVERTED = frozenset({"*", ".", "~"})


def gateway_faults(gateway: Gateway, target: Target) -> Faults:
    """Every row."""
    yield from gw_name(gateway)
    yield from gw_no_servers(gateway)
    signs = _SIGNS_OF_CONVERTED if gateway.annotations.get(_SEMANTICS) == "gateway" else _SIGNS
    names: set[str] = set()
    for server in gateway.servers:
        if server.port is None:
            yield from gw_port_required(server)
        else:
            yield from _port(server, server.port, names)
        yield from gw_bind(server)
        yield from gw_hosts_empty(server)
        yield from gw_host(server, signs)
        if server.tls is not None:
            yield from server_tls(server.tls, target)
        yield from _protocol_and_tls(server)


def gw_name(gateway: Gateway) -> Faults:
    """The name is a DNS label, so it has no dots."""
    if gateway.metadata is not None and gateway.metadata.generate_name:
        return
    reason = label(gateway.name)
    if reason:
        yield fault(
            None,
            "metadata",
            "name",
            what=f"a Gateway called `{gateway.name}`" if gateway.name else "a Gateway without `metadata.name`",
            why=reason,
            help="give it a name of letters, digits and `-`; VirtualServices refer to it as `namespace/name`",
        )


def gw_no_servers(gateway: Gateway) -> Faults:
    """At least one server."""
    if not gateway.servers:
        yield fault(
            None,
            "spec",
            "servers",
            what="a Gateway without `servers`",
            why="it opens no port",
            help="list at least one server with `port` and `hosts`",
        )


def gw_port_required(server: Server) -> Faults:
    """Each server has a port."""
    yield fault(
        server,
        "port",
        what="a server without `port`",
        why="there is nothing to listen on",
        help="write `port: {number: 80, name: http, protocol: HTTP}`",
    )


def _port(server: Server, port: Port, names: set[str]) -> Faults:
    if not port.target_port:  # istiod stops there, before it looks for a name
        yield from gw_port_name_required(port)
    yield from gw_port_name_unique(port, names)
    yield from gw_port_protocol(port)
    if (server.bind or "").startswith(UNIX):
        yield from gw_bind_unix_port(port)
    else:
        yield from gw_port_number(port)
    yield from target_port(port, "a Gateway")


def gw_port_name_required(port: Port) -> Faults:
    """Each port has a name, of any form."""
    if not port.name:
        yield fault(
            port,
            "name",
            what="a port without `name`",
            why="istiod tells the servers of a Gateway apart by it",
            help="give each port a `name` of its own, such as `http-80`",
        )


def gw_port_name_unique(port: Port, names: set[str]) -> Faults:
    """No two servers with one port name; `names` are those of the servers before this one."""
    if port.name in names:
        yield fault(
            port,
            "name",
            what=f"port name `{port.name}`",
            why="a port of another server of this Gateway has it too",
            help="give each port a `name` of its own",
        )
    elif port.name:
        names.add(port.name)


def gw_port_protocol(port: Port) -> Faults:
    """A protocol of Istio; unlike elsewhere, none is refused too."""
    reason = protocol(port.protocol or "")
    if reason:
        yield fault(
            port,
            "protocol",
            what=f"protocol `{port.protocol}`" if port.protocol else "a port without `protocol`",
            why=reason if port.protocol else "a gateway does not detect protocols",
            help=protocol_help(port.protocol or "", "write HTTP, HTTPS, GRPC, TLS or TCP"),
        )


def gw_port_number(port: Port) -> Faults:
    """1 to 65535, unless the server listens on a socket."""
    reason = port_number(port.number or 0)
    if reason:
        yield fault(
            port,
            "number",
            what=f"port {port.number}" if port.number is not None else "a port without `number`",
            why=reason,
            help="write a number from 1 to 65535; 0 goes with `bind: unix:///path` only",
        )


def gw_bind_unix_port(port: Port) -> Faults:
    """A socket has no port number."""
    if port.number:
        yield fault(
            port,
            "number",
            what=f"port {port.number}",
            why="the server listens on a Unix domain socket, which has no port",
            help="write `number: 0`, or remove `bind`",
        )


def gw_bind(server: Server) -> Faults:
    """Rows gw-bind-unix, gw-bind-ip: `unix://` and a socket, or an IP address."""
    bind = server.bind or ""
    reason = unix_path(bind[len(UNIX) :]) if bind.startswith(UNIX) else ip(bind) if bind else None
    if reason:
        yield fault(
            server,
            "bind",
            what=f"`bind: {bind}`",
            why=reason,
            help="write an IP address, `unix:///path` or `unix://@name`; leave `bind` out to listen on all addresses",
        )


def gw_hosts_empty(server: Server) -> Faults:
    """At least one host."""
    if not server.hosts:
        yield fault(
            server,
            "hosts",
            what="a server without `hosts`",
            why="no VirtualService could bind to it",
            help='list the hosts, or write `hosts: ["*"]` for all',
        )


def gw_host(server: Server, signs: frozenset[str]) -> Faults:
    """Rows gw-host-ns-empty, -ns-format, -short, -partial-wildcard, -format."""
    for index, host in enumerate(server.hosts or ()):
        reason = gateway_host(host, signs)
        if reason:
            yield fault(
                server,
                "hosts",
                index,
                what=f"host `{host}`",
                why=reason,
                help="write a full name (`shop.example.com`, `*.example.com` or `*`), maybe after `namespace/`",
            )


def _protocol_and_tls(server: Server) -> Faults:
    """Rows that istiod leaves out where something else of the port is wrong."""
    port, tls = server.port, server.tls
    if port is None or port.target_port or not port.name or protocol(port.protocol or ""):
        return
    written = port.protocol or ""
    if is_tls(written):
        yield from gw_tls_required(server, written)
    elif tls is not None and is_http(written):
        yield from gw_tls_on_http(tls, written)
    elif tls is not None:
        yield from gw_tls_on_plain(tls, written)


def gw_tls_required(server: Server, written: str) -> Faults:
    """With HTTPS and TLS."""
    if server.tls is None:
        yield fault(
            server,
            "tls",
            what=f"a server of protocol {written} without `tls`",
            why="it would have neither a certificate nor a rule to pass connections on",
            help="write `tls: {mode: SIMPLE, credentialName: ...}`, or `tls: {mode: PASSTHROUGH}`",
        )


def gw_tls_on_http(tls: ServerTLSSettings, written: str) -> Faults:
    """Plain HTTP may only redirect; PASSTHROUGH is the mode of an empty message, and so passes."""
    extra = next((name for name in ("ca_certificates", "private_key", "server_certificate") if getattr(tls, name)), "")
    if extra or tls.mode not in {None, "PASSTHROUGH", "AUTO_PASSTHROUGH"}:
        yield fault(
            tls,
            extra or "mode",
            what="these TLS settings",
            why=f"the server has protocol {written}, which is plain text",
            help="write `protocol: HTTPS`; under HTTP only `tls: {httpsRedirect: true}` may be set",
        )


def gw_tls_on_plain(tls: ServerTLSSettings, written: str) -> Faults:
    """TCP and the protocols of databases are plain text."""
    yield fault(
        tls,
        what="TLS settings",
        why=f"the server has protocol {written}, which is plain text",
        help="write `protocol: TLS`, or remove `tls`",
    )
