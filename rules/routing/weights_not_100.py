"""A route whose weights do not add to 100.

Weights are relative: since Istio 1.15 a total other than 100 is accepted, and Envoy divides the
traffic by the sum of the weights. Who meant percentages gets other ones than the file says, and
who left one weight out, thinking that the rest goes there, sends nothing there: a destination
without `weight` counts 0 (`weight` in
<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination>;
Envoy's `WeightedCluster`,
<https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto>).

Weights that are plainly ratios, with a total of 20 or less such as 1:1 or 1:9, are only mentioned
(ML203) unless the option `strict` is set.

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
  - route:  # ML202
    - destination: {host: reviews, subset: v1}
      weight: 80
    - destination: {host: reviews, subset: v2}
      weight: 40
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
      weight: 80
    - destination: {host: reviews-next.shop.svc.cluster.local}
      weight: 20
```
"""

from meshlint.api import Findings, Options, Severity, VirtualService, at, finding, rule

from ._weights import splits


class Strictness(Options, frozen=True):
    """What counts as a wrong total."""

    strict: bool = False
    """Report ratios such as 1:9 too."""


@rule("ML202", "weights-not-100", severity=Severity.WARNING, since="0.1.0", covers=("ML203",))
def check(virtual_service: VirtualService, options: Strictness) -> Findings:
    for split in splits(virtual_service):
        total = sum(split.parts)
        if not split.is_shared or total in {0, 100} or (split.is_ratio and not options.strict):
            continue
        advice = f"write weights that add to 100; nearest to these are {split.percentages}"
        if None in split.weights:
            advice += "; a destination without a `weight` counts 0"
        yield finding(
            at(virtual_service, split.route, "route"),
            f"the weights {split.said} add to {total}, not 100: Envoy sends {split.shares} of the {split.traffic}",
            help=advice,
        )
