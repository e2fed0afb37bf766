"""A pool that lets one request through at a time.

`http1MaxPendingRequests: 1` and `http2MaxRequests: 1` are the values of Istio's circuit breaking
demonstration, whose purpose is to see requests fail: what comes while one request waits (or is under
way) gets 503 (`UO`, overflow) at once. Both limits hold for HTTP/1.1 and HTTP/2, and for each client
proxy by itself (<https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/>,
<https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-HTTPSettings>,
<https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      tcp: {maxConnections: 1}
      http:
        http1MaxPendingRequests: 1  # ML332
        maxRequestsPerConnection: 1
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
      tcp: {maxConnections: 200}
      http: {http1MaxPendingRequests: 100, http2MaxRequests: 1000}
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule

_LIMITS = {
    "http1_max_pending_requests": ("http1MaxPendingRequests", "waits for a connection"),
    "http2_max_requests": ("http2MaxRequests", "is under way"),
}


@rule("ML332", "pool-of-one", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule) -> Findings:
    for policy in destination_rule.policies():
        http = policy.connection_pool.http if policy.connection_pool else None
        if http is None:
            continue
        for field, (name, state) in _LIMITS.items():
            if getattr(http, field) == 1:
                yield finding(
                    at(destination_rule, http, field),
                    f"while one request of a client {state}, each further one gets 503 at once",
                    help=f"raise `{name}` to the burst one client may send, or leave it out (no limit)",
                )
