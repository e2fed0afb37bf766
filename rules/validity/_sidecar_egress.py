"""What istiod refuses in the egress listeners of a Sidecar: reference rows sc-eg-*, in the order of the object."""

from meshlint.api import Target
from meshlint.model.networking.server import Port
from meshlint.model.networking.sidecar import IstioEgressListener, SidecarSpec
from meshlint.values.addresses import ip, unix_path
from meshlint.values.numbers import port as port_number

from ._frame import Faults, fault, since
from ._listener_port import UNIX, sc_port_name, sc_protocol, target_port
from ._namespaced_hosts import sidecar_host


def egress(spec: SidecarSpec, target: Target) -> Faults:
    """Every row. Nothing of `bind` and `captureMode` is looked at where a listener has no port."""
    listeners = spec.egress or ()
    numbers: set[int] = set()
    sockets: set[str] = set()
    for index, listener in enumerate(listeners):
        port = listener.port
        if port is None:
            yield from sc_eg_catchall_last(listener, index == len(listeners) - 1)
        else:
            yield from _port(listener, port, numbers, sockets)
        yield from sc_eg_hosts(listener)
        yield from sc_eg_host(listener, target)


def sc_eg_catchall_last(listener: IstioEgressListener, is_last: bool) -> Faults:
    """Rows sc-eg-catchall-last, sc-eg-catchall-one: the one listener without port is the last."""
    if not is_last:
        yield fault(
            listener,
            "port",
            what="an egress listener without `port` before others",
            why="it takes all traffic that no other listener takes, so it has to be the last and the only one",
            help="move it to the end of `egress`, or give it a `port`",
        )


def _port(listener: IstioEgressListener, port: Port, numbers: set[int], sockets: set[str]) -> Faults:
    yield from sc_protocol(port)
    yield from sc_port_name(port)
    yield from target_port(port, "a Sidecar")
    if port.number:
        yield from sc_eg_number(port, numbers)
        yield from sc_eg_bind(listener)
    else:
        yield from sc_eg_uds(listener, port, sockets)
        yield from sc_eg_uds_capture(listener)


def sc_eg_number(port: Port, numbers: set[int]) -> Faults:
    """Rows sc-eg-number, sc-eg-dup-port: 1 to 65535, once; `numbers` are those before this one."""
    number = port.number or 0
    reason = port_number(number) or ("another egress listener has it too" if number in numbers else None)
    numbers.add(number)
    if reason:
        yield fault(port, "number", what=f"port {number}", why=reason, help="write each port once, from 1 to 65535")


def sc_eg_bind(listener: IstioEgressListener) -> Faults:
    """An IP address, where the listener has a port number."""
    bind = listener.bind or ""
    reason = ip(bind) if bind else None
    if reason:
        yield fault(
            listener,
            "bind",
            what=f"`bind: {bind}`",
            why="a Unix domain socket goes with port number 0" if bind.startswith(UNIX) else reason,
            help="write an IP address such as `127.0.0.1`, or `number: 0` with `bind: unix:///path`",
        )


def sc_eg_uds(listener: IstioEgressListener, port: Port, sockets: set[str]) -> Faults:
    """Rows sc-eg-uds-bind, sc-eg-uds, sc-eg-dup-uds: without a number, `bind` is a socket of its own."""
    bind = listener.bind or ""
    if not bind.startswith(UNIX):
        yield fault(
            port,
            "number",
            what="an egress port of number 0" if port.number == 0 else "an egress port without `number`",
            why=f"only a Unix domain socket has no port, and `bind` is {f'`{bind}`' if bind else 'not set'}",
            help="write the port as `number`, or `bind: unix:///path`",
        )
        return
    reason = unix_path(bind[len(UNIX) :]) or ("another egress listener has it too" if bind in sockets else None)
    sockets.add(bind)
    if reason:
        yield fault(
            listener,
            "bind",
            what=f"`bind: {bind}`",
            why=reason,
            help="write `unix:///path/to/socket` or `unix://@name`",
        )


def sc_eg_uds_capture(listener: IstioEgressListener) -> Faults:
    """Connections to a socket cannot be captured."""
    if listener.capture_mode not in {None, "DEFAULT", "NONE"}:
        yield fault(
            listener,
            "capture_mode",
            what=f"`captureMode: {listener.capture_mode}`",
            why="connections to a Unix domain socket cannot be captured",
            help="write `NONE`, or leave it out",
        )


def sc_eg_hosts(listener: IstioEgressListener) -> Faults:
    """At least one host."""
    if not listener.hosts:
        yield fault(
            listener,
            "hosts",
            what="an egress listener without `hosts`",
            why="it leads nowhere",
            help='list the services that the workloads call, such as `hosts: ["./*", "istio-system/*"]`',
        )


def sc_eg_host(listener: IstioEgressListener, target: Target) -> Faults:
    """Rows sc-eg-host-form, -empty, -ns, -short, -name, -partial; `~namespace/name` since 1.31."""
    excludes = since(target, "1.31")
    for index, host in enumerate(listener.hosts or ()):
        reason = sidecar_host(host, excludes)
        if reason:
            yield fault(
                listener,
                "hosts",
                index,
                what=f"egress host `{host}`",
                why=reason,
                help="write `namespace/name`, such as `./*`, `shop/reviews.shop.svc.cluster.local` or `*/*.example.com`",
            )
