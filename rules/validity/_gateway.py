"""What istiod's webhook refuses in a Gateway, row by row (`ValidateGateway` of `pkg/config/validation`)."""

from meshlint.api import Findings, Gateway, Target, at, finding
from meshlint.model.networking.gateway import Server
from meshlint.model.networking.server import Port, ServerTLSSettings
from meshlint.values.addresses import ip, unix_path
from meshlint.values.hosts import label
from meshlint.values.numbers import port as port_number
from meshlint.values.protocols import is_http, is_tls, protocol

from ._namespaced_hosts import gateway_host
from ._server_tls import tls_rows

UNIX = "unix://"

_SEMANTICS = "internal.istio.io/gateway-semantics"
"""Set to `gateway` by istiod on what it makes of a Gateway of the Gateway API."""
_SIGNS = frozenset({"*", "."})
_SIGNS_OF_CONVERTED = frozenset({"*", ".", "~"})


def gateway_rows(gateway: Gateway, target: Target) -> Findings:
    """Every row, in the order of the object."""
    yield from gw_name(gateway)
    yield from gw_no_servers(gateway)
    names: set[str] = set()
    for server in gateway.servers:
        if server.port is None:
            yield from gw_port_required(gateway, server)
        else:
            yield from _port(gateway, server, server.port, names)
        yield from gw_bind(gateway, server)
        yield from gw_hosts_empty(gateway, server)
        yield from gw_host(gateway, server)
        if server.tls is not None:
            yield from tls_rows(gateway, server.tls, target)
        yield from _protocol_and_tls(gateway, server)


def gw_name(gateway: Gateway) -> Findings:
    """gw-name: a DNS label, so without dots."""
    reason = label(gateway.name) if gateway.name else None
    if reason:
        yield finding(
            at(gateway),
            f"istiod refuses a Gateway called `{gateway.name}`: {reason}",
            help="give it a name of letters, digits and `-`, as VirtualServices name it by `namespace/name`",
        )


def gw_no_servers(gateway: Gateway) -> Findings:
    """gw-no-servers: at least one."""
    if not gateway.servers:
        yield finding(
            at(gateway, None, "spec", "servers"),
            "the Gateway has no servers, so istiod refuses it",
            help="list at least one server with `port` and `hosts`",
        )


def gw_port_required(gateway: Gateway, server: Server) -> Findings:
    """gw-port-required."""
    yield finding(
        at(gateway, server, "port"),
        "the server has no `port`, so istiod refuses the Gateway",
        help="write `port: {number: 80, name: http, protocol: HTTP}`",
    )


def _port(gateway: Gateway, server: Server, port: Port, names: set[str]) -> Findings:
    yield from gw_port_name_required(gateway, port)
    yield from gw_port_name_unique(gateway, port, names)
    yield from gw_port_protocol(gateway, port)
    if (server.bind or "").startswith(UNIX):
        yield from gw_bind_unix_port(gateway, port)
    else:
        yield from gw_port_number(gateway, port)
    yield from gw_targetport(gateway, port)


def gw_port_name_required(gateway: Gateway, port: Port) -> Findings:
    """gw-port-name-required: any text."""
    if not port.name and not port.target_port:  # istiod stops at a `targetPort`
        yield finding(
            at(gateway, port, "name"),
            "the port has no `name`, so istiod refuses the Gateway",
            help="give each port a `name` of its own, such as `http-80`",
        )


def gw_port_name_unique(gateway: Gateway, port: Port, names: set[str]) -> Findings:
    """gw-port-name-unique: `names` are those of the servers before this one."""
    if port.name in names:
        yield finding(
            at(gateway, port, "name"),
            f"istiod refuses the Gateway: a port of another server is called `{port.name}` too",
            help="give each port a `name` of its own",
        )
    elif port.name:
        names.add(port.name)


def gw_port_protocol(gateway: Gateway, port: Port) -> Findings:
    """gw-port-protocol: unlike elsewhere, none is an error here."""
    reason = protocol(port.protocol or "")
    if reason:
        yield finding(
            at(gateway, port, "protocol"),
            f"istiod refuses the protocol `{port.protocol}` of the port: {reason}"
            if port.protocol
            else "the port has no `protocol`, so istiod refuses the Gateway",
            help="write HTTP, HTTPS, HTTP2, GRPC, TLS, TCP or MONGO",
        )


def gw_port_number(gateway: Gateway, port: Port) -> Findings:
    """gw-port-number: 1 to 65535."""
    reason = port_number(port.number or 0)
    if reason:
        yield finding(
            at(gateway, port, "number"),
            f"istiod refuses port {port.number}: {reason}"
            if port.number is not None
            else "the port has no `number`, so istiod refuses the Gateway",
            help="write a number from 1 to 65535; a socket is given by `bind: unix:///path`",
        )


def gw_bind_unix_port(gateway: Gateway, port: Port) -> Findings:
    """gw-bind-unix-port: a socket has no port."""
    if port.number:
        yield finding(
            at(gateway, port, "number"),
            f"the server listens on a Unix domain socket, so istiod refuses its port number {port.number}",
            help="write `number: 0`, or remove `bind`",
        )


def gw_targetport(gateway: Gateway, port: Port) -> Findings:
    """gw-targetport: without effect, since 1.20 refused."""
    if port.target_port:
        yield finding(
            at(gateway, port, "target_port"),
            f"`targetPort: {port.target_port}` has no effect on a Gateway, and istiod refuses it",
            help="remove `targetPort`; the Service of the gateway's pods maps ports",
        )


def gw_bind(gateway: Gateway, server: Server) -> Findings:
    """gw-bind-unix, gw-bind-ip: `unix://` and a socket, or an IP address."""
    bind = server.bind or ""
    reason = unix_path(bind[len(UNIX) :]) if bind.startswith(UNIX) else ip(bind) if bind else None
    if reason:
        yield finding(
            at(gateway, server, "bind"),
            f"istiod refuses `bind: {bind}`: {reason}",
            help="write an IP address of the gateway's pods, `unix:///path` or `unix://@name`, "
            "or leave `bind` out to listen on all addresses",
        )


def gw_hosts_empty(gateway: Gateway, server: Server) -> Findings:
    """gw-hosts-empty: at least one."""
    if not server.hosts:
        yield finding(
            at(gateway, server, "hosts"),
            "the server has no `hosts`, so istiod refuses the Gateway",
            help='list the hosts, or write `hosts: ["*"]` for all',
        )


def gw_host(gateway: Gateway, server: Server) -> Findings:
    """gw-host-short, -format, -partial-wildcard, -ns-empty, -ns-format."""
    signs = _SIGNS_OF_CONVERTED if gateway.annotations.get(_SEMANTICS) == "gateway" else _SIGNS
    for index, host in enumerate(server.hosts or ()):
        reason = gateway_host(host, signs)
        if reason:
            yield finding(
                at(gateway, server, "hosts", index),
                f"istiod refuses host `{host}` of the Gateway: {reason}",
                help="write a full name (`shop.example.com`, `*.example.com`, `*`), maybe after a namespace and `/`",
            )


def _protocol_and_tls(gateway: Gateway, server: Server) -> Findings:
    """Rows that istiod leaves out where the port itself is wrong."""
    port = server.port
    if port is None or port.target_port or not port.name or protocol(port.protocol or ""):
        return
    written = port.protocol or ""
    if is_tls(written):
        yield from gw_tls_required(gateway, server, written)
    elif server.tls is not None and is_http(written):
        yield from gw_tls_on_http(gateway, server.tls, written)
    elif server.tls is not None:
        yield from gw_tls_on_plain(gateway, server.tls, written)


def gw_tls_required(gateway: Gateway, server: Server, written: str) -> Findings:
    """gw-tls-required: with HTTPS and TLS."""
    if server.tls is None:
        yield finding(
            at(gateway, server, "tls"),
            f"the server has protocol {written} but no `tls`, so istiod refuses the Gateway",
            help="write `tls: {mode: SIMPLE, credentialName: ...}`, or `tls: {mode: PASSTHROUGH}`",
        )


def gw_tls_on_http(gateway: Gateway, tls: ServerTLSSettings, written: str) -> Findings:
    """gw-tls-on-http: only a redirect. PASSTHROUGH is the mode of an empty message, and so passes."""
    extra = _first_set(tls, "ca_certificates", "private_key", "server_certificate")
    if tls.mode in {None, "PASSTHROUGH", "AUTO_PASSTHROUGH"} and not extra:
        return
    yield finding(
        at(gateway, tls, extra or "mode"),
        f"the server has protocol {written}, which is plain text: istiod refuses its TLS settings",
        help="write `protocol: HTTPS`; under HTTP only `tls: {httpsRedirect: true}` may be set",
    )


def gw_tls_on_plain(gateway: Gateway, tls: ServerTLSSettings, written: str) -> Findings:
    """gw-tls-on-plain: TCP and the protocols of databases."""
    yield finding(
        at(gateway, tls),
        f"the server has protocol {written}, which is plain text: istiod refuses its TLS settings",
        help="write `protocol: TLS`, or remove `tls`",
    )


def _first_set(tls: ServerTLSSettings, *names: str) -> str | None:
    return next((name for name in names if getattr(tls, name)), None)
