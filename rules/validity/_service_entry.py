"""What istiod refuses in a ServiceEntry: reference rows se-*, in the order of the object (`ValidateServiceEntry`).

Rows about one kind of resolution are in `_resolution.py`.
"""

from collections.abc import Sequence

from meshlint.api import ServiceEntry, Target
from meshlint.model.networking.service_entry import ServiceEntrySpec, ServicePort
from meshlint.values import protocols
from meshlint.values.addresses import subnet
from meshlint.values.hosts import label, wild_domain
from meshlint.values.labels import bad_selector
from meshlint.values.numbers import port as port_number

from ._exports import export_to
from ._frame import Faults, fault, namespace_of, selector
from ._listener_port import protocol_help
from ._resolution import resolution

_NAME_HELP = "write letters, digits and `-`, such as `https`"


def service_entry(entry: ServiceEntry, spec: ServiceEntrySpec, target: Target) -> Faults:
    """Every row; istiod stops at a bad selector."""
    if spec.workload_selector is not None:
        if bad_selector(spec.workload_selector.labels or {}):
            yield from selector(spec.workload_selector, "labels", spec.workload_selector.labels)  # row se-selector
            return
        if spec.endpoints:
            yield from se_selector_endpoints(spec)
    if spec.hosts:
        yield from se_host(spec, spec.hosts)
    else:
        yield from se_hosts(spec)
    if spec.addresses:
        yield from se_address(spec)
        yield from se_cidr_resolution(spec)
    if spec.ports:
        yield from _ports(spec.ports)
    yield from resolution(entry, spec, target)
    if spec.hosts and len(spec.hosts) > 1:
        yield from se_multihost_plain(spec, len(spec.hosts))
    if spec.export_to:
        yield from export_to(spec, spec.export_to, namespace_of(entry), nobody=True)


def _ports(given: Sequence[ServicePort]) -> Faults:
    """The rows of all ports. Nearly every port is fine, which costs a look-up of its name and its protocol."""
    names: set[str] = set()
    numbers: set[int] = set()
    for port in given:
        if port.name in names:
            yield from se_port_name_dup(port)
        elif port.name:
            names.add(port.name)
        if label(port.name or ""):
            yield from se_port_name(port)
        if port.number in numbers:
            yield from se_port_number_dup(port)
        elif port.number:
            numbers.add(port.number)
        if port_number(port.number or 0):
            yield from se_port_number(port)
        if port.protocol and protocols.protocol(port.protocol):
            yield from se_port_protocol(port)
        if port.target_port and port_number(port.target_port):
            yield from se_targetport(port)


def se_selector_endpoints(spec: ServiceEntrySpec) -> Faults:
    """Endpoints are selected or listed."""
    yield fault(
        spec,
        "endpoints",
        what="`endpoints` beside `workloadSelector`",
        why="the endpoints are either listed or selected",
        help="keep one of them",
    )


def se_hosts(spec: ServiceEntrySpec) -> Faults:
    """At least one host."""
    yield fault(
        spec,
        "hosts",
        what="a ServiceEntry without `hosts`",
        why="it names no service",
        help="list the DNS names of the service",
    )


def se_host(spec: ServiceEntrySpec, hosts: Sequence[str]) -> Faults:
    """Rows se-host-star, se-host: a DNS name, maybe with a wildcard, but not `*` alone."""
    for index, host in enumerate(hosts):
        reason = "it would take every host" if host == "*" else wild_domain(host)
        if reason:
            yield fault(
                spec,
                "hosts",
                index,
                what=f"host `{host}`",
                why=reason,
                help="write a DNS name such as `api.example.com` or `*.example.com`; IP addresses go into `addresses`",
            )


def se_address(spec: ServiceEntrySpec) -> Faults:
    """IP addresses and ranges."""
    for index, address in enumerate(spec.addresses or ()):
        reason = subnet(address)
        if reason:
            yield fault(
                spec,
                "addresses",
                index,
                what=f"address `{address}`",
                why=reason,
                help="write an IP address such as `240.0.0.1`, or a range such as `10.0.0.0/8`",
            )


def se_cidr_resolution(spec: ServiceEntrySpec) -> Faults:
    """Ranges go with NONE and STATIC only."""
    if spec.resolution in {None, "NONE", "STATIC"}:
        return
    found = next((index for index, address in enumerate(spec.addresses or ()) if "/" in address), None)
    if found is not None:
        yield fault(
            spec,
            "resolution",
            what=f"`resolution: {spec.resolution}`",
            why=f"there is an address range, `{(spec.addresses or ())[found]}`",
            help="list single addresses, or use `NONE` or `STATIC`",
        )


def se_port_name_dup(port: ServicePort) -> Faults:
    """No two ports of one name."""
    yield fault(
        port,
        "name",
        what=f"port name `{port.name}`",
        why="another port of this ServiceEntry has it too",
        help="give each port a name of its own",
    )


def se_port_name(port: ServicePort) -> Faults:
    """A DNS label."""
    reason = label(port.name or "")
    if reason:
        yield fault(
            port,
            "name",
            what=f"port name `{port.name}`" if port.name else "a port without `name`",
            why=reason if port.name else "endpoints and routes refer to ports by name",
            help=_NAME_HELP,
        )


def se_port_number_dup(port: ServicePort) -> Faults:
    """No two ports of one number."""
    yield fault(
        port,
        "number",
        what=f"port {port.number}",
        why="another port of this ServiceEntry has that number too",
        help="remove one of them, or give it another number",
    )


def se_port_number(port: ServicePort) -> Faults:
    """1 to 65535."""
    reason = port_number(port.number or 0)
    if reason:
        yield fault(
            port,
            "number",
            what=f"port {port.number}" if port.number is not None else "a port without `number`",
            why=reason,
            help="write the port that clients use",
        )


def se_port_protocol(port: ServicePort) -> Faults:
    """A protocol of Istio, or none, for its detection."""
    reason = protocols.protocol(port.protocol) if port.protocol else None
    if reason:
        yield fault(
            port,
            "protocol",
            what=f"protocol `{port.protocol}`",
            why=reason,
            help=protocol_help(port.protocol or "", "write HTTP, HTTPS, GRPC, TLS or TCP, or leave it out"),
        )


def se_targetport(port: ServicePort) -> Faults:
    """1 to 65535, if it is there."""
    reason = port_number(port.target_port) if port.target_port else None
    if reason:
        yield fault(
            port,
            "target_port",
            what=f"`targetPort: {port.target_port}`",
            why=reason,
            help="write the port of the endpoints, or leave it out if it is the same",
        )


def se_multihost_plain(spec: ServiceEntrySpec, hosts: int) -> Faults:
    """Several hosts can be told apart by HTTP and TLS only, so no other port may be there, unless with NONE."""
    if spec.resolution in {None, "NONE"}:
        return
    for port in spec.ports or ():
        written = port.protocol or ""
        if not protocols.is_http(written) and not protocols.is_tls(written):
            yield fault(
                port,
                "protocol",
                what=f"protocol {written}" if written else "a port without `protocol`",
                why=f"the {hosts} hosts can only be told apart by HTTP or TLS",
                help="write one ServiceEntry per host, or the protocol if it is HTTP or TLS",
            )
            return
