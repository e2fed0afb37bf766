"""A VirtualService that routes nothing.

istiod's validating webhook refuses it: one of `http`, `tls` and `tcp` has to hold a route. This is
so for a delegate, which has no hosts, as well (`ValidateVirtualService` in `pkg/config/validation`).
A VirtualService that only names hosts does not "scope" or "claim" them either: without it, clients
reach the service just the same.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:  # ML207
  hosts: [reviews.shop.svc.cluster.local]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews.shop.svc.cluster.local]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule


@rule(
    "ML207",
    "virtual-service-without-routes",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML110",),
)
def check(virtual_service: VirtualService) -> Findings:
    spec = virtual_service.spec
    if spec and (spec.http or spec.tls or spec.tcp):
        return
    is_delegate = spec is None or not spec.hosts
    host = "" if spec is None or not spec.hosts else spec.hosts[0]
    kinds = "`http`" if is_delegate else "`http`, `tls` or `tcp`"
    yield finding(
        at(virtual_service, None, "spec", "http"),
        f"VirtualService `{virtual_service.name}` has no {kinds} route, so istiod refuses it",
        help="add a route under `http`"
        + (f", such as one to `{host}`" if host and "*" not in host else "")
        + ", or remove the VirtualService: hosts without routes change nothing",
    )
