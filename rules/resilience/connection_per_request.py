"""A new connection for each request to a service that speaks HTTP/2.

`maxRequestsPerConnection: 1` ends a connection after its first request. HTTP/2 (and gRPC on top of it)
exists to carry many requests over one connection; so each of them pays for a TCP and a TLS handshake,
and the server for as many connections as there are requests
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings>,
<https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/connection_pooling>).

Said where the host is a Service of the input whose ports are all HTTP/2 or gRPC, or where the policy
upgrades to HTTP/2 itself.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      http:
        h2UpgradePolicy: UPGRADE
        maxRequestsPerConnection: 1  # ML346
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      http: {h2UpgradePolicy: UPGRADE, maxRequestsPerConnection: 1000}
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Service, Severity, at, finding, rule


@rule("ML346", "connection-per-request", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    for policy in destination_rule.policies():
        http = policy.connection_pool.http if policy.connection_pool else None
        if http is None or http.max_requests_per_connection != 1:
            continue
        if http.h2_upgrade_policy == "UPGRADE" or _speaks_http2(destination_rule, mesh):
            yield finding(
                at(destination_rule, http, "max_requests_per_connection"),
                "each request opens a connection of its own, although HTTP/2 carries many over one",
                help="raise it, or leave it out (no limit)",
            )


def _speaks_http2(destination_rule: DestinationRule, mesh: Mesh) -> bool:
    from meshlint.mesh.protocols import selected

    host = destination_rule.spec.host if destination_rule.spec else None
    services = mesh.hosts.services(host or "", mesh.namespace(destination_rule)) if host else ()
    ports = [port for item in services if isinstance(item, Service) for port in item.ports]
    return bool(ports) and all(selected(port).is_http2 for port in ports)
