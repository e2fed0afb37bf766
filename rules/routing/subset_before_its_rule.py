"""A route to a subset in a file that defines the subset only further down.

`kubectl apply` sends the documents of a file in their order. Where the subset is new, proxies may learn of the route
before they learn of the subset, and answer 503 (`NC`) until then. istiod waits for more changes before it
pushes (100 ms, `PILOT_DEBOUNCE_AFTER`), which mostly, but not always, puts both into one push
(<https://istio.io/latest/docs/ops/best-practices/traffic-management/#avoid-503-errors-while-reconfiguring-service-routes>).

Off by default: where the subset has long been there, or a tool sorts by kind (Helm), the order does not matter.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
        subset: v2  # ML289
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v2, labels: {version: v2}}]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination:
        host: reviews
        subset: v2
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML289", "subset-before-its-rule", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    own = mesh.origin(virtual_service)
    for destination in virtual_service.destinations():
        if not destination.host or not destination.subset:
            continue
        found = mesh.destination_rules.subset(destination.host, destination.subset, virtual_service).found
        rules = [item for item in found if isinstance(item, DestinationRule)]
        origins = [mesh.origin(item) for item in rules]
        later = [
            origin.source == own.source and (origin.document, origin.prefix) > (own.document, own.prefix)
            for origin in origins
        ]
        if later and all(later):
            subset = next(item for item in rules[0].subsets if item.name == destination.subset)
            yield finding(
                at(virtual_service, destination, "subset"),
                f"the file defines subset `{destination.subset}` after this route: "
                "where it is new, requests may get 503 until proxies know of it",
                help="put the DestinationRule first, or apply it before the VirtualService",
                related=[(at(rules[0], subset, "name"), "the subset")],
            )
