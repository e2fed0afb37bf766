"""Limits for HTTP requests on a port of a Sidecar that has another protocol.

The proxy handles requests only where the port's `protocol` is HTTP, HTTP2 or GRPC. On any other
port, one without `protocol` included, the settings under `connectionPool.http` do nothing; those
under `tcp` hold (`ValidateSidecar` of istio/istio, since 1.21).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels: {app: reviews}
  ingress:
  - port: {number: 9080, protocol: TCP, name: tcp}
    defaultEndpoint: 127.0.0.1:9080
    connectionPool:
      http:  # ML712
        http1MaxPendingRequests: 100
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels: {app: reviews}
  ingress:
  - port: {number: 9080, protocol: HTTP, name: http}
    defaultEndpoint: 127.0.0.1:9080
    connectionPool:
      http:
        http1MaxPendingRequests: 100
```
"""

from meshlint.api import Findings, Severity, Sidecar, at, finding, rule
from meshlint.values.protocols import is_http


@rule("ML712", "http-pool-on-tcp-port", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(sidecar: Sidecar) -> Findings:
    for listener in (sidecar.spec and sidecar.spec.ingress) or ():
        pool, port = listener.connection_pool, listener.port
        if pool is None or pool.http is None or port is None or is_http(port.protocol or ""):
            continue
        yield finding(
            at(sidecar, pool, "http"),
            f"port {port.number} has {f'protocol {port.protocol}' if port.protocol else 'no `protocol`'}, "
            "so the limits for HTTP requests do nothing",
            help="write `protocol: HTTP`, `HTTP2` or `GRPC` if the port takes such requests, or limit connections by `tcp`",
        )
