"""What istiod refuses in an endpoint: reference rows we-*, and those se-* that say the same.

An endpoint is a WorkloadEntry, or one listed in a ServiceEntry (`validateWorkloadEntry`).
"""

from collections.abc import Sequence

from meshlint.model.networking.workload_entry import WorkloadEntrySpec
from meshlint.values.addresses import unix_path
from meshlint.values.hosts import label, name_or_ip
from meshlint.values.numbers import port as port_number

from ._frame import Faults, fault, labels
from ._listener_port import UNIX


def workload_entry(spec: WorkloadEntrySpec) -> Faults:
    """Every row of a WorkloadEntry, in the order of the object."""
    address = spec.address or ""
    if not address and not spec.network:
        yield from we_address(spec)
        return
    if address.startswith(UNIX):
        yield from we_unix(spec, address)
        yield from we_unix_ports(spec, address)
    elif address:
        yield from we_address_format(spec, address)
    yield from ports(spec)
    yield from labels(spec, "labels", spec.labels)


def we_address(spec: WorkloadEntrySpec) -> Faults:
    """Rows we-address, se-endpoint-missing-address."""
    yield fault(
        spec,
        "address",
        what="a workload with neither `address` nor `network`",
        why="it could not be reached",
        help="write the IP address or the host name of the workload as `address`",
    )


def we_unix(spec: WorkloadEntrySpec, address: str) -> Faults:
    """Rows we-unix, se-endpoint-unix: the form of a socket."""
    reason = unix_path(address[len(UNIX) :])
    if reason:
        yield fault(
            spec,
            "address",
            what=f"address `{address}`",
            why=reason,
            help="write `unix:///path/to/socket` or `unix://@name`",
        )


def we_unix_ports(spec: WorkloadEntrySpec, address: str) -> Faults:
    """Rows we-unix-ports, se-endpoint-unix-ports: a socket has none."""
    if spec.ports:
        yield fault(
            spec,
            "ports",
            what="`ports` of a Unix domain socket",
            why=f"`{address}` has no ports",
            help="remove `ports`",
        )


def we_address_format(spec: WorkloadEntrySpec, address: str) -> Faults:
    """Rows we-address-format, se-dns-address: an IP address or a host name."""
    reason = name_or_ip(address)
    if reason:
        yield fault(
            spec,
            "address",
            what=f"address `{address}`" if address else "an endpoint without `address`",
            why=f"it is no IP address, and for a host name {reason}" if address else "there is no name to resolve",
            help="write an IP address or a host name without wildcard; a port goes into `ports`",
        )


def ports(spec: WorkloadEntrySpec, defined: Sequence[str] | None = None) -> Faults:
    """The rows of `ports`; `defined` are the names of the ports of the ServiceEntry around it."""
    for name, number in (spec.ports or {}).items():
        if defined is not None and name not in defined:
            yield from se_endpoint_port_undefined(spec, name, defined)
        else:
            yield from we_port_name(spec, name)
        yield from we_port(spec, name, number)


def se_endpoint_port_undefined(spec: WorkloadEntrySpec, name: str, defined: Sequence[str]) -> Faults:
    """The keys are names of the service's ports."""
    known = ", ".join(f"`{text}`" for text in defined[:5])
    yield fault(
        spec,
        "ports",
        name,
        what=f"port `{name}` of the endpoint",
        why="the ServiceEntry has no port of that name",
        help=f"name one of the service's ports: {known}" if known else "list the ports of the service in `spec.ports`",
    )


def we_port_name(spec: WorkloadEntrySpec, name: str) -> Faults:
    """Rows we-port-name, se-endpoint-port-name: a DNS label; the API server takes 62 characters at most."""
    reason = label(name)
    if reason:
        yield fault(
            spec,
            "ports",
            name,
            what=f"port name `{name}`",
            why=reason,
            help="write the name of the service's port: letters, digits and `-`",
        )


def we_port(spec: WorkloadEntrySpec, name: str, number: int) -> Faults:
    """Rows we-port, se-endpoint-port: 1 to 65535."""
    reason = port_number(number)
    if reason:
        yield fault(
            spec,
            "ports",
            name,
            what=f"port {number} of `{name}`",
            why=reason,
            help="write the port on which the workload listens",
        )
