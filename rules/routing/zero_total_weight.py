"""A route whose destinations have weights that add to 0.

istiod's validating webhook refuses the VirtualService: over two or more destinations the weights
have to add to more than 0, and a destination without `weight` counts 0. This is the usual slip
where a route gets a second destination and nobody says how to share the traffic. Where the webhook
is switched off, istiod leaves destinations of weight 0 out, so that the route has none left
(`validateHTTPRouteDestinations` and
`validateRouteDestinations` in `pkg/config/validation`, `applyHTTPRouteDestination` in
`pilot/pkg/networking/core/route`; `weight` in
<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination>).

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
  - route:  # ML201
    - destination: {host: reviews, subset: v1}
    - destination: {host: reviews, subset: v2}
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
      weight: 90
    - destination: {host: reviews-next.shop.svc.cluster.local}
      weight: 10
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

from ._weights import splits


@rule("ML201", "zero-total-weight", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",), covers=("ML110",))
def check(virtual_service: VirtualService) -> Findings:
    for split in splits(virtual_service):
        if split.is_shared and sum(split.parts) == 0:
            count = len(split.weights)
            yield finding(
                at(virtual_service, split.route, "route"),
                f"the weights of these {count} destinations add to 0, so istiod refuses the VirtualService",
                help=f"give each destination its `weight`, such as {100 // count} of 100; one without a weight counts 0",
            )
