"""Routes for HTTP to a port whose server speaks TLS.

A route of `http` sends requests in plain text, whatever the port of the destination says: only a DestinationRule
with `tls` makes the proxy encrypt. To a port that is declared as HTTPS or TLS, plain text is mostly wrong: the
server answers 400 or closes the connection. Dashboards that serve HTTPS by themselves are the usual case
(https://istio.io/latest/docs/ops/configuration/traffic-management/tls-configuration/#proxy).

Sidecars do not even try the route for connections that the application has encrypted: those of an HTTPS port
are told apart by their SNI, by routes of `tls`. Timeouts, retries and faults of `http` routes are lost on them
(https://istio.io/latest/docs/ops/configuration/traffic-management/traffic-routing/).

Silent where the files show that the server takes plain text all the same, as TLS ends before it: `targetPort` is that
of another port without TLS, or it or the port of the container is called `http`, or an annotation names a certificate for the load balancer (`ssl-cert`).
Silent, too, where a BackendTLSPolicy is for the service.

Where no file has such a DestinationRule it may be in another repository. So the rule speaks only where the service
and the route lie in one folder, or the files hold DestinationRules of the service's namespace, or all of the mesh.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: dashboard, namespace: admin}
spec:
  hosts: [dashboard.example.com]
  gateways: [public]
  http:
  - route:
    - destination:
        host: dashboard  # ML292
        port: {number: 443}
---
apiVersion: v1
kind: Service
metadata: {name: dashboard, namespace: admin}
spec:
  selector: {app: dashboard}
  ports:
  - {name: https, port: 443, targetPort: 8443}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: dashboard, namespace: admin}
spec:
  hosts: [dashboard.example.com]
  gateways: [public]
  http:
  - route:
    - destination:
        host: dashboard
        port: {number: 443}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: dashboard, namespace: admin}
spec:
  host: dashboard
  trafficPolicy:
    tls: {mode: SIMPLE, caCertificates: /etc/certs/dashboard-ca.pem, subjectAltNames: [dashboard.admin]}
---
apiVersion: v1
kind: Service
metadata: {name: dashboard, namespace: admin}
spec:
  selector: {app: dashboard}
  ports:
  - {name: https, port: 443, targetPort: 8443}
```
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.api import (
    Answer,
    Findings,
    Mesh,
    Resource,
    Service,
    ServiceEntry,
    Severity,
    VirtualService,
    at,
    finding,
    rule,
)
from meshlint.mesh.context import Scope
from meshlint.mesh.gateway_names import MESH
from meshlint.mesh.host_names import covers
from meshlint.model.kubernetes.service import ServicePort

from ._ports import port_protocols

if TYPE_CHECKING:
    from meshlint.mesh.protocols import Protocol
    from meshlint.model.networking.common import Destination


@rule("ML292", "http-route-to-tls-port", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if not _speaking_tls(mesh):
        return
    seen: set[tuple[str, int | None]] = set()  # most routes lead to the same few ports
    said: set[tuple[str, int]] = set()
    for route in virtual_service.http:
        for weighted in route.route or ():
            target = weighted.destination
            if target is None or not target.host:
                continue
            key = target.host, target.port.number if target.port else None
            found = None if key in seen else _tls_port(target, virtual_service, mesh)
            seen.add(key)
            if found is None:
                continue
            service, number, protocol = found
            fqdn = mesh.hosts.fqdn(target.host or "", mesh.namespace(virtual_service))
            if (fqdn, number) in said or not _is_plain(fqdn, service, virtual_service, mesh):
                continue
            said.add((fqdn, number))
            own = _is_for(fqdn, virtual_service, mesh)
            passed = "connections that the application encrypts pass it by, and " if own else ""
            yield finding(
                at(virtual_service, target, "host"),
                f"port {number} of `{target.host}` is {protocol.value}, and this route is for plain HTTP: {passed}"
                "a server that speaks TLS does not understand what it sends",
                help=("write `tls` routes with `sniHosts`, or " if own else "")
                + "let the proxy encrypt by a DestinationRule with `tls: {mode: SIMPLE}`; if the server takes plain text, "
                "declare the port as `http`",
                related=[(at(service, service.spec, "ports").key(), f"port {number} is declared here")],
            )


def _tls_port(
    target: "Destination", virtual_service: VirtualService, mesh: Mesh
) -> "tuple[Service | ServiceEntry, int, Protocol] | None":
    """The service of a destination, with its port and what it is; None unless the port is surely one of TLS."""
    services = mesh.hosts.resolve(target.host or "", virtual_service).found
    if not services or not _speaking_tls(mesh).issuperset(services):
        return None
    wanted = target.port.number if target.port else None
    last = None
    for service in services:
        if not isinstance(service, Service | ServiceEntry) or mesh.is_patched(service) or _is_gateway(service, mesh):
            return None
        ports = [(number, protocol) for number, protocol, _ in port_protocols(service) if wanted in {None, number}]
        if not ports or (wanted is None and len(service.ports) != 1) or not ports[0][1].is_tls:
            return None
        if _takes_plain_text(service, ports[0][0], mesh):
            return None
        last = (service, *ports[0])
    return last


def _takes_plain_text(service: Service | ServiceEntry, number: int, mesh: Mesh) -> bool:
    """Whether TLS probably ends before a port: at a load balancer, or the server is that of a port without TLS."""
    if any("ssl-cert" in key or "tls-cert" in key for key in service.annotations):
        return True
    targets = {port.port if isinstance(port, ServicePort) else port.number: port.target_port for port in service.ports}
    target = targets.get(number)
    own = target or number
    names = {str(own)}
    for workload in mesh.services.workloads(service) if isinstance(service, Service) else ():
        names |= {port.name or "" for port in workload.ports if port.container_port == own}
    if any(name.startswith("http") and not name.startswith("https") for name in names):
        return True
    ports = port_protocols(service)
    return any((targets.get(other) or other) == own and not protocol.is_tls for other, protocol, _ in ports)


def _is_gateway(service: Service | ServiceEntry, mesh: Mesh) -> bool:
    """Whether a service may lead to gateways, whose ports of TLS are reached with mesh mTLS."""
    if service.name.startswith("istio-"):
        return True
    return any(mesh.injection.gateway(workload) is not Answer.NO for workload in mesh.services.workloads(service))


def _is_for(fqdn: str, virtual_service: VirtualService, mesh: Mesh) -> bool:
    """Whether a VirtualService is for clients in sidecars that call this very host."""
    spec = virtual_service.spec
    hosts = (spec.hosts if spec else None) or ()
    if spec is None or MESH not in (spec.gateways or (MESH,)):
        return False
    return any(mesh.hosts.fqdn(host, mesh.namespace(virtual_service)) == fqdn for host in hosts)


def _is_plain(fqdn: str, service: Resource, virtual_service: VirtualService, mesh: Mesh) -> bool:
    """Whether surely no DestinationRule makes proxies encrypt what they send to a host."""
    encrypting, wildcards, homes = _encrypted(mesh)
    alias = service.spec.external_name if isinstance(service, Service) and service.spec else None
    hosts = (fqdn, alias) if alias else (fqdn,)  # routes to an ExternalName lead to its host since Istio 1.21
    if mesh.is_patched(virtual_service) or any(host in encrypting for host in hosts):
        return False
    if any(covers(wildcard, host) for wildcard in wildcards for host in hosts):
        return False
    scope = mesh.context.scope
    if scope is Scope.PARTIAL or mesh.of_class("Opaque") or mesh.context.template_folders:
        return False
    if service.name in _under_policies(mesh):
        return False
    here, there = mesh.origin(virtual_service).path, mesh.origin(service).path
    together = here.rpartition("/")[0] == there.rpartition("/")[0]
    return scope is Scope.COMPLETE or together or not homes.isdisjoint(mesh.homes(service))


@lru_cache(maxsize=1)  # one mesh at a time
def _under_policies(mesh: Mesh) -> frozenset[str]:
    """The names that BackendTLSPolicies are for."""
    return frozenset(
        target.name or ""
        for policy in mesh.of_class("BackendTLSPolicy")
        for target in (policy.spec.target_refs if policy.spec else None) or ()
    )


@lru_cache(maxsize=1)  # one mesh at a time
def _speaking_tls(mesh: Mesh) -> frozenset[Resource]:
    """The Services and ServiceEntries with a port of TLS: few, so that most destinations are left at once."""
    services = (*mesh.of_class("Service"), *mesh.of_class("ServiceEntry"))
    return frozenset(
        service for service in services if any(protocol.is_tls for _, protocol, _ in port_protocols(service))
    )


@lru_cache(maxsize=1)  # one mesh at a time
def _encrypted(mesh: Mesh) -> tuple[AbstractSet[str], Sequence[str], frozenset[str]]:
    """The hosts for which some DestinationRule says `tls`, the wildcards of them, and the namespaces that have DestinationRules."""
    hosts = {
        mesh.hosts.fqdn(rule_.spec.host or "", home)
        for rule_ in mesh.of_class("DestinationRule")
        if rule_.spec and any(tls.mode != "DISABLE" for tls in rule_.tls_settings())
        for home in mesh.homes(rule_)
    }
    homes = frozenset(home for rule_ in mesh.of_class("DestinationRule") for home in mesh.homes(rule_))
    return hosts, sorted(host for host in hosts if "*" in host), homes
