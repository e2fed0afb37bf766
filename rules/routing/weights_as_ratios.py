"""A route whose weights are ratios instead of percentages.

This works: weights are relative, and Envoy divides the traffic by their sum
(`weight` in <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination>).
It is worth knowing because Istio before 1.15 refused a total other than 100, tools of progressive
delivery write percentages, and a reader takes `weight: 1` for one percent. Totals above 20 that are
not 100 are a warning of their own (ML202).

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
  - route:  # ML203
    - destination: {host: reviews, subset: v1}
      weight: 9
    - destination: {host: reviews, subset: v2}
      weight: 1
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


@rule("ML203", "weights-as-ratios", severity=Severity.INFO, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for split in splits(virtual_service):
        if split.is_shared and split.is_ratio and sum(split.parts) > 0:
            yield finding(
                at(virtual_service, split.route, "route"),
                f"the weights {split.said} are ratios: Envoy sends {split.shares} of the {split.traffic}",
                help=f"weights that add to 100 read as percentages: {split.percentages}",
            )
