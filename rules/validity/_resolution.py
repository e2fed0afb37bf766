"""What istiod refuses in a ServiceEntry by its `resolution`: reference rows se-none-*, se-static-*, se-dns*, se-dyn-*."""

from meshlint.api import ServiceEntry, Target
from meshlint.model.networking.service_entry import ServiceEntrySpec
from meshlint.model.networking.workload_entry import WorkloadEntrySpec
from meshlint.values.addresses import ip
from meshlint.values.hosts import fqdn, wild_domain

from ._frame import Faults, fault, labels, since
from ._listener_port import UNIX
from ._workload_entry import ports, we_address, we_address_format, we_unix, we_unix_ports


def resolution(entry: ServiceEntry, spec: ServiceEntrySpec, target: Target) -> Faults:
    """Every row of the resolution that is written; NONE if there is none."""
    kind = spec.resolution or "NONE"
    if kind == "NONE":
        yield from se_none_endpoints(spec)
    elif kind == "STATIC":
        yield from _static(spec)
    elif kind in {"DNS", "DNS_ROUND_ROBIN"}:
        yield from _dns(spec, kind)
    elif kind == "DYNAMIC_DNS" and since(target, "1.28"):
        yield from _dynamic(entry, spec, target)


def se_none_endpoints(spec: ServiceEntrySpec) -> Faults:
    """With NONE traffic goes to the address that the client asked for."""
    if spec.endpoints:
        yield fault(
            spec,
            "endpoints",
            what="`endpoints` with `resolution: NONE`" if spec.resolution else "`endpoints` without `resolution`",
            why="traffic goes to the address the client asked for then",
            help="set `resolution: STATIC` (addresses) or `DNS` (host names), or remove `endpoints`",
        )


def _static(spec: ServiceEntrySpec) -> Faults:
    names = tuple({port.name or "": None for port in spec.ports or ()})
    for endpoint in spec.endpoints or ():
        address = endpoint.address or ""
        if not address and not endpoint.network:
            yield from we_address(endpoint)
            continue
        if address.startswith(UNIX):
            yield from we_unix(endpoint, address)
            yield from we_unix_ports(endpoint, address)
            yield from se_endpoint_unix_one_port(endpoint, address, names)
        elif address:
            yield from se_static_address(endpoint, address)
        yield from ports(endpoint, names)
        yield from labels(endpoint, "labels", endpoint.labels)  # row se-endpoint-labels


def se_endpoint_unix_one_port(endpoint: WorkloadEntrySpec, address: str, names: tuple[str, ...]) -> Faults:
    """A socket serves one port of the service."""
    if len(names) != 1:
        yield fault(
            endpoint,
            "address",
            what=f"address `{address}`",
            why=f"a socket serves one port, and the ServiceEntry has {len(names) or 'none'}",
            help="list exactly one port in `spec.ports`",
        )


def se_static_address(endpoint: WorkloadEntrySpec, address: str) -> Faults:
    """Since 1.20: with STATIC, an endpoint has an IP address."""
    if ip(address):
        yield fault(
            endpoint,
            "address",
            what=f"address `{address}`",
            why="with `resolution: STATIC` it has to be an IP address or a Unix domain socket",
            help="write an IP address, or use `resolution: DNS` for host names",
        )


def _dns(spec: ServiceEntrySpec, kind: str) -> Faults:
    if not spec.endpoints:
        yield from se_dns_host_fqdn(spec, kind)
        return
    if kind == "DNS_ROUND_ROBIN":
        yield from se_dnsrr_endpoints(spec)
    names = tuple({port.name or "": None for port in spec.ports or ()})
    for endpoint in spec.endpoints:
        yield from we_address_format(endpoint, endpoint.address or "")
        yield from ports(endpoint, names)
        yield from labels(endpoint, "labels", endpoint.labels)


def se_dns_host_fqdn(spec: ServiceEntrySpec, kind: str) -> Faults:
    """Without endpoints the hosts themselves are resolved, so none may be a wildcard."""
    for index, host in enumerate(spec.hosts or ()):
        if fqdn(host) and not wild_domain(host) and host != "*":
            yield fault(
                spec,
                "hosts",
                index,
                what=f"host `{host}` with `resolution: {kind}`",
                why="a wildcard cannot be resolved, and there are no `endpoints`",
                help="write the host in full, list `endpoints`, or use `resolution: NONE` or `DYNAMIC_DNS`",
            )


def se_dnsrr_endpoints(spec: ServiceEntrySpec) -> Faults:
    """One endpoint at most with DNS_ROUND_ROBIN."""
    if len(spec.endpoints or ()) > 1:
        yield fault(
            spec,
            "endpoints",
            what=f"{len(spec.endpoints or ())} endpoints with `resolution: DNS_ROUND_ROBIN`",
            why="it takes one at most",
            help="use `resolution: DNS` for several endpoints",
        )


def _dynamic(entry: ServiceEntry, spec: ServiceEntrySpec, target: Target) -> Faults:
    yield from se_dyn_wildcard(spec)
    yield from se_dyn_addresses(spec)
    yield from se_dyn_protocol(spec, target)
    if since(target, "1.30"):
        yield from se_dyn_waypoint(entry, spec)
    else:
        yield from se_dyn_location(spec, target)
    yield from se_dyn_endpoints(spec)


def se_dyn_wildcard(spec: ServiceEntrySpec) -> Faults:
    """Hosts are wildcards (a ServiceEntry without any is row se-hosts)."""
    for index, host in enumerate(spec.hosts or ()):
        if not host.startswith("*") and not wild_domain(host):
            yield fault(
                spec,
                "hosts",
                index,
                what=f"host `{host}` with `resolution: DYNAMIC_DNS`",
                why="it resolves hosts of a wildcard",
                help="write a wildcard such as `*.example.com`, or use `resolution: DNS`",
            )


def se_dyn_addresses(spec: ServiceEntrySpec) -> Faults:
    """No addresses: each host has its own."""
    if spec.addresses:
        yield fault(
            spec,
            "addresses",
            what="`addresses` with `resolution: DYNAMIC_DNS`",
            why="each host of the wildcard has addresses of its own",
            help="remove `addresses`",
        )


def se_dyn_endpoints(spec: ServiceEntrySpec) -> Faults:
    """No endpoints: hosts are resolved by name."""
    if spec.endpoints:
        yield fault(
            spec,
            "endpoints",
            what="`endpoints` with `resolution: DYNAMIC_DNS`",
            why="the host that the client asks for is resolved",
            help="remove `endpoints`, or use `resolution: DNS`",
        )


def se_dyn_protocol(spec: ServiceEntrySpec, target: Target) -> Faults:
    """HTTP since 1.28, TLS since 1.29, GRPC and HTTP2 since 1.30."""
    known = ["HTTP"]
    known += ["TLS"] if since(target, "1.29") else []
    known += ["GRPC", "HTTP2"] if since(target, "1.30") else []
    for port in spec.ports or ():
        if (port.protocol or "").upper() not in known:
            yield fault(
                port,
                "protocol",
                what=f"protocol {port.protocol}" if port.protocol else "a port without `protocol`",
                why=f"with `resolution: DYNAMIC_DNS`, Istio {target.istio} takes {', '.join(known)} only",
                help=f"write {' or '.join(known)}",
            )


def se_dyn_location(spec: ServiceEntrySpec, target: Target) -> Faults:
    """Up to 1.29 outside the mesh only."""
    if spec.location == "MESH_INTERNAL":
        yield fault(
            spec,
            "location",
            what="`location: MESH_INTERNAL` with `resolution: DYNAMIC_DNS`",
            why=f"Istio {target.istio} resolves hosts outside the mesh only",
            help="write `location: MESH_EXTERNAL`",
        )


def se_dyn_waypoint(entry: ServiceEntry, spec: ServiceEntrySpec) -> Faults:
    """Since 1.30: what is inside the mesh may not use a waypoint."""
    waypoint = entry.labels.get("istio.io/use-waypoint")
    if spec.location == "MESH_INTERNAL" and waypoint and waypoint != "none":
        yield fault(
            spec,
            "location",
            what=f"`location: MESH_INTERNAL` with `resolution: DYNAMIC_DNS` and the waypoint `{waypoint}`",
            why="a waypoint resolves hosts outside the mesh only",
            help="write `location: MESH_EXTERNAL`, or remove the label `istio.io/use-waypoint`",
        )
