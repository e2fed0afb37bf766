"""A destination that is switched off by its weight.

`weight: 0` beside other weights keeps a destination out of the route; it gets no request
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination>).

Off by default: it is how canaries are prepared and ended. Switched on, it finds those forgotten.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
      weight: 100
    - destination: {host: reviews, subset: v2}
      weight: 0  # ML274
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

from ._weights import splits


@rule("ML274", "zero-weight-destination", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService) -> Findings:
    for split in splits(virtual_service):
        for index, weight in enumerate(split.weights if split.is_shared and any(split.parts) else ()):
            if weight == 0:
                yield finding(
                    at(virtual_service, split.route, "route", index, "weight"),
                    f"this destination gets none of the {split.traffic}",
                    help="remove it once the change is over",
                )
