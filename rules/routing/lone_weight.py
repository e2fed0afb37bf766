"""A weight on the only destination of a route.

It has no effect: with one destination istiod sets no weight, and everything goes there. Mostly a
second destination is missing, or was removed, and the weight still tells of it
(`applyHTTPRouteDestination` in `pilot/pkg/networking/core/route`; `weight` in
<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination>).
The weights 0 and 100 are let pass: controllers of canaries and people write them on purpose.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
      weight: 30  # ML205
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

from ._weights import splits


@rule("ML205", "lone-weight", severity=Severity.INFO, since="0.1.0", equivalents=("KIA1104",))
def check(virtual_service: VirtualService) -> Findings:
    for split in splits(virtual_service):
        weight = split.parts[0]
        if split.is_shared or weight in {0, 100}:
            continue
        missing = f"add the destination that gets the other {100 - weight}%, or " if weight < 100 else ""
        yield finding(
            at(virtual_service, split.route, "route", 0, "weight"),
            f"`weight: {weight}` has no effect on the only destination: `{split.hosts[0]}` gets all {split.traffic}",
            help=f"{missing}remove the weight",
            equivalents=("KIA1104",) if weight < 100 else (),
        )
