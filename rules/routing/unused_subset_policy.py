"""A traffic policy of a subset that no route leads to.

A policy of a subset is in force only for requests that a route sends to the subset by name. Requests
to the host that a route sends to no subset, and those without any route, go by the policy of the host
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset>).

Reported where routes of the input lead to another subset of the same rule, so that the routes of the
host are at hand.

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
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
  - name: v2
    labels: {version: v2}
    trafficPolicy:  # ML269
      connectionPool: {tcp: {maxConnections: 10}}
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
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
  - name: v2
    labels: {version: v2}
    trafficPolicy:
      connectionPool: {tcp: {maxConnections: 10}}
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule


@rule("ML269", "unused-subset-policy", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    subsets = destination_rule.subsets
    idle = [item for item in subsets if item.traffic_policy and not mesh.subsets.is_routed(destination_rule, item)]
    if not idle or not any(mesh.subsets.is_routed(destination_rule, item) for item in subsets):
        return
    for subset in idle:
        yield finding(
            at(destination_rule, subset, "traffic_policy").key(),
            f"no route of these files leads to subset `{subset.name}`, so that its policy is never in force",
            help="route to the subset, or move the policy to the host if it is meant for all",
        )
