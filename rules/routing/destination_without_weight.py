"""A destination without weight beside others that have one.

An absent weight is 0, not "the rest": such a destination gets no request at all. istiod leaves it out
of the route (`applyHTTPRouteDestination` in `pilot/pkg/networking/core/route/route.go`;
<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination>).
`weight: 0` says the same on purpose: see ML274.

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
    - destination:  # ML273
        host: reviews
        subset: v2
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
      weight: 90
    - destination: {host: reviews, subset: v2}
      weight: 10
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

from ._weights import splits


@rule("ML273", "destination-without-weight", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for split in splits(virtual_service):
        if not split.is_shared or not sum(split.parts):
            continue
        for index, weight in enumerate(split.weights):
            if weight is None:
                yield finding(
                    at(virtual_service, split.route, "route", index, "destination").key(),
                    f"a destination without `weight` gets none of the {split.traffic} beside others that have one",
                    help="write its `weight`, or remove it; the share is the weight relative to the sum",
                )
