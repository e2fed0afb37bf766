"""TLS added to connections that the application encrypts itself.

A port of protocol HTTPS or TLS carries what the application has encrypted. A DestinationRule with
`tls: {mode: SIMPLE}` (or MUTUAL) makes the proxy encrypt it once more: the server meets TLS inside of
TLS and answers with `WRONG_VERSION_NUMBER` or 400, and clients see 503
(<https://istio.io/latest/docs/ops/common-problems/network-issues/#double-tls-tls-origination-for-a-tls-request>).

Not where a route for HTTP leads to the port, or a gateway does: there the proxy gets plain text and the
rule makes it TLS, as it should; nor where the rule is for chosen clients or exported to chosen namespaces.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: bank, namespace: shop}
spec:
  hosts: [api.bank.example]
  resolution: DNS
  ports:
  - {number: 443, name: https, protocol: HTTPS}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: api.bank.example
  trafficPolicy:
    tls:
      mode: SIMPLE  # ML270
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: bank, namespace: shop}
spec:
  hosts: [api.bank.example]
  resolution: DNS
  ports:
  - {number: 80, name: http, protocol: HTTP, targetPort: 443}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: api.bank.example
  trafficPolicy:
    tls: {mode: SIMPLE}
```
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule
from meshlint.model.networking.traffic_policy import ClientTLSSettings, TrafficPolicy

from ._ports import port_protocols

if TYPE_CHECKING:
    from meshlint.model.gateway_api.common import BackendObjectReference


@rule("ML270", "double-tls", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    if spec is None or not spec.host or spec.traffic_policy is None:
        return
    if not any(tls.mode in {"SIMPLE", "MUTUAL"} for tls in _own_tls(spec.traffic_policy)):
        return
    home = mesh.namespace(destination_rule)
    if spec.workload_selector is not None or not {".", "*", home}.issuperset(spec.export_to or ()):
        return  # for chosen clients, mostly a gateway for outgoing traffic, which gets plain text
    lookup = mesh.destination_rules.for_host(spec.host, home)
    said: set[int] = set()
    for service in mesh.hosts.services(spec.host, home):
        ports = list(port_protocols(service))
        for number, protocol, place in ports:
            policy = lookup.policy(number) if protocol.is_tls and destination_rule in lookup.rules else None
            tls = policy.tls if policy is not None else None
            if (
                tls is None
                or tls.mode not in {"SIMPLE", "MUTUAL"}
                or id(tls) in said
                or not any(own is tls for own in _own_tls(spec.traffic_policy))
            ):
                continue
            if _is_originated(mesh, spec.host, home, number, alone=len(ports) == 1):
                continue
            said.add(id(tls))
            yield finding(
                at(destination_rule, tls, "mode"),
                f"port {number} of `{spec.host}` is {protocol.value}: the application encrypts, and the proxy encrypts it once more",
                help="remove `tls`, or let the application send plain text to a port of protocol HTTP with `targetPort: 443`",
                related=[(at(service, place), "this port carries TLS of the application")],
            )


def _own_tls(policy: TrafficPolicy) -> list[ClientTLSSettings]:
    """The TLS settings that are written in a policy: those of the host, and of its ports."""
    return [part.tls for part in policy.parts() if part.tls]


def _is_originated(mesh: Mesh, host: str, home: str, port: int, *, alone: bool) -> bool:
    """Whether some route hands plain text over to the port: a route for HTTP, or any route of a gateway."""
    from ._routed import destinations_of

    for use in destinations_of(mesh, mesh.hosts.fqdn(host, home)):
        if not (use.is_http or use.at_gateway):
            continue
        number = use.destination.port.number if use.destination.port else None
        if number == port or (number is None and (alone or use.at_gateway)):
            return True
    return (mesh.hosts.fqdn(host, home), port) in _backends(mesh)


@lru_cache(maxsize=1)  # one mesh at a time
def _backends(mesh: Mesh) -> frozenset[tuple[str, int]]:
    """Hosts and ports that routes of the Gateway API hand plain text to: those for requests, whoever follows them."""
    routes = [*mesh.of_class("HTTPRoute"), *mesh.of_class("GRPCRoute")]
    return frozenset(
        (_host(backend, mesh.namespace(route), mesh), backend.port)
        for route in routes
        for backend in route.backends()
        if backend.name and backend.port
    )


def _host(backend: "BackendObjectReference", home: str, mesh: Mesh) -> str:
    """The host of a backend: a Service, or a host by its name (`kind: Hostname` of Istio)."""
    if backend.kind == "Hostname":
        return backend.name or ""
    return f"{backend.name}.{backend.namespace or home}.svc.{mesh.settings.cluster_domain}"
