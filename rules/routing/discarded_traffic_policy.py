"""Two DestinationRules of one host that both have a traffic policy.

istiod merges the rules that one namespace has for a host: subsets add up, but of the traffic policies
only the one of the oldest rule is taken, as a whole; nothing of the others is in force
(<https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services>,
`mergeDestinationRule` in `pilot/pkg/model/destination_rule.go`).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews-pool, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool: {tcp: {maxConnections: 100}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews-tls, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy:  # ML267
    tls: {mode: DISABLE}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool: {tcp: {maxConnections: 100}}
    outlierDetection: {consecutive5xxErrors: 5}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews-subsets, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
```
"""

import msgspec

from meshlint.api import Answer, DestinationRule, Findings, Mesh, Severity, at, finding, rule


@rule("ML267", "discarded-traffic-policy", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    if spec is None or not spec.host or spec.traffic_policy is None or spec.workload_selector is not None:
        return
    lookup = mesh.destination_rules.for_host(spec.host, mesh.namespace(destination_rule))
    if len(lookup.rules) < 2 or lookup.answer is not Answer.YES or destination_rule not in lookup.rules:
        return
    top = lookup.top_policy()
    if (
        top is None
        or top[0] is destination_rule
        or msgspec.to_builtins(top[1]) == msgspec.to_builtins(spec.traffic_policy)
    ):
        return
    other = top[0]
    yield finding(
        at(destination_rule, spec, "traffic_policy").key(),
        f"DestinationRule `{other.name}` has a traffic policy for `{spec.host}` too: only that of the older one is in force",
        help="write one traffic policy for the host, in one of the two",
        related=[(at(other, other.spec, "traffic_policy").key(), "the other policy")],
    )
