"""What istiod refuses in the ingress listeners of a Sidecar: reference rows sc-in-*, in the order of the object."""

from meshlint.api import Target
from meshlint.model.networking.server import ServerTLSSettings
from meshlint.model.networking.sidecar import IstioIngressListener, SidecarSpec
from meshlint.values.addresses import ip, unix_path
from meshlint.values.numbers import integer
from meshlint.values.numbers import port as port_number
from meshlint.values.protocols import is_tls

from ._frame import Faults, fault, since, yaml_name
from ._listener_port import UNIX, sc_port_name, sc_protocol, target_port
from ._server_tls import server_tls
from ._traffic_policy import connection_pool

_OWN_ADDRESSES = frozenset({"", "127.0.0.1", "0.0.0.0", "::1", "::"})  # noqa: S104 - what a user may write
_ENDPOINT_HELP = "write `127.0.0.1:8080`, `0.0.0.0:8080`, `[::1]:8080` or `unix:///path`"


def ingress(spec: SidecarSpec, target: Target) -> Faults:
    """Every row; of a listener without port, istiod looks at nothing else."""
    numbers: set[int] = set()
    for listener in spec.ingress or ():
        port = listener.port
        if port is None:
            yield from sc_in_port(listener)
            continue
        yield from sc_in_number(listener, numbers)
        yield from sc_protocol(port)
        yield from sc_port_name(port)
        yield from target_port(port, "a Sidecar")
        yield from sc_in_bind(listener)
        if listener.default_endpoint:
            yield from sc_in_endpoint(listener, listener.default_endpoint)
        if listener.tls is not None:
            yield from _tls(listener, listener.tls, target)
        if listener.connection_pool is not None and since(target, "1.21"):
            yield from connection_pool(listener.connection_pool)  # row sc-in-pool


def sc_in_port(listener: IstioIngressListener) -> Faults:
    """Each listener has a port."""
    yield fault(
        listener,
        "port",
        what="an ingress listener without `port`",
        why="there is nothing to listen on",
        help="write `port: {number: 8080, protocol: HTTP, name: http}`",
    )


def sc_in_number(listener: IstioIngressListener, numbers: set[int]) -> Faults:
    """Rows sc-in-number, sc-in-dup-port: 1 to 65535, once; `numbers` are those before this one."""
    number = (listener.port and listener.port.number) or 0
    reason = port_number(number) or ("another ingress listener has it too" if number in numbers else None)
    numbers.add(number)
    if reason:
        yield fault(
            listener.port,
            "number",
            what=f"port {number}" if number else "an ingress port without number",
            why=reason,
            help="write each port on which the workload takes traffic once",
        )


def sc_in_bind(listener: IstioIngressListener) -> Faults:
    """An IP address; no socket, other than in egress."""
    reason = ip(listener.bind) if listener.bind else None
    if reason:
        yield fault(
            listener,
            "bind",
            what=f"`bind: {listener.bind}`",
            why=reason,
            help="write an IP address of the workload, or leave `bind` out",
        )


def sc_in_endpoint(listener: IstioIngressListener, endpoint: str) -> Faults:
    """Rows sc-in-endpoint-unix, -split, -host, -port: a socket, or an address of the workload itself and a port."""
    reason = unix_path(endpoint[len(UNIX) :]) if endpoint.startswith(UNIX) else _endpoint(endpoint)
    if reason:
        yield fault(
            listener, "default_endpoint", what=f"`defaultEndpoint: {endpoint}`", why=reason, help=_ENDPOINT_HELP
        )


def _endpoint(endpoint: str) -> str | None:
    """Why this is no `host:port` of the workload itself; split as Go's `net.SplitHostPort` does."""
    host, colon, port = endpoint.rpartition(":")
    if not colon:
        return "it has no port"
    if host[:1] == "[" and host[-1:] == "]":
        host = host[1:-1]
    elif ":" in host:
        return "an IPv6 address stands in `[` and `]` before its port"
    if host not in _OWN_ADDRESSES:
        return f"`{host}` is not the workload itself"
    number = integer(port)
    return f"`{port}` is no number" if number is None else port_number(number)


_WITHOUT = ("subject_alt_names", "https_redirect", "credential_name")
_WITHOUT_SINCE_1_27 = ("credential_names", "tls_certificates")


def _tls(listener: IstioIngressListener, tls: ServerTLSSettings, target: Target) -> Faults:
    unsupported = (*_WITHOUT, *_WITHOUT_SINCE_1_27) if since(target, "1.27") else _WITHOUT
    refused = [name for name in unsupported if getattr(tls, name)]
    for name in refused:
        yield from sc_in_tls_field(tls, name)
    yield from sc_in_tls_mode(tls)
    yield from sc_in_tls_protocol(listener)
    for found in server_tls(tls, target):  # row sc-in-tls-options
        if not found.path or found.path[0] not in refused:
            yield found


def sc_in_tls_field(tls: ServerTLSSettings, name: str) -> Faults:
    """Rows sc-in-tls-san, -redirect, -credential; since 1.27 -credentials, -certificates."""
    spelled = yaml_name(tls, name)
    yield fault(
        tls,
        name,
        what=f"`{spelled}` in a Sidecar",
        why="the proxy of a workload takes its certificate from files, and neither redirects nor checks names",
        help=f"remove `{spelled}`; name files in `serverCertificate`, `privateKey` and `caCertificates`",
    )


def sc_in_tls_mode(tls: ServerTLSSettings) -> Faults:
    """Not ISTIO_MUTUAL and AUTO_PASSTHROUGH."""
    if tls.mode in {"ISTIO_MUTUAL", "AUTO_PASSTHROUGH"}:
        yield fault(
            tls,
            "mode",
            what=f"`mode: {tls.mode}` in a Sidecar",
            why="that is for gateways",
            help="write `SIMPLE` or `MUTUAL`; mTLS of the mesh is switched by PeerAuthentication",
        )


def sc_in_tls_protocol(listener: IstioIngressListener) -> Faults:
    """TLS settings go with HTTPS and TLS."""
    written = (listener.port and listener.port.protocol) or ""
    if not is_tls(written):
        yield fault(
            listener.port,
            "protocol",
            what=f"protocol {written} beside `tls`" if written else "`tls` of a port without `protocol`",
            why="only HTTPS and TLS may have TLS settings",
            help="write `protocol: HTTPS` or `TLS`, or remove `tls`",
        )
