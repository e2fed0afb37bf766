"""A route of a delegate that its root never serves, because a match lies outside of the root's.

istiod merges a delegate into the route that names it. Each match of the delegate has to lie within
one of that route's matches; where one does not, the whole route is dropped, and its requests get 404
or go to a later route. An expression (`regex`) never fits beside another condition on the same text
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate>, `hasConflict` in
`pilot/pkg/model/virtualservice.go`).

A delegate of several roots is reported only where none of them serves the route.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: edge}
spec:
  hosts: [shop.example.com]
  http:
  - match:
    - uri: {prefix: /cart}
    delegate: {name: cart, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
  - match:
    - uri:  # ML261
        prefix: /basket
    route:
    - destination: {host: cart.shop.svc.cluster.local}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: edge}
spec:
  hosts: [shop.example.com]
  http:
  - match:
    - uri: {prefix: /cart}
    delegate: {name: cart, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
  - match:
    - uri: {prefix: /cart/basket}
    route:
    - destination: {host: cart.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML261", "delegate-outside-root", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if virtual_service.spec is None or virtual_service.spec.hosts:
        return
    roots = mesh.delegates.roots(virtual_service)
    if not roots:
        return
    from meshlint.mesh.route_merging import outside

    for route in virtual_service.http:
        lost = [outside(root_route, route) for _, root_route in roots]
        if all(lost):
            match = lost[0][0]
            yield finding(
                at(virtual_service, match, "uri").key() if match.uri else at(virtual_service, match),
                "this match lies outside of what the root leaves to the delegate, so the whole route is dropped",
                help="narrow it to a match of the root (the same header, a longer prefix), or widen the root's",
                related=[
                    (at(root, root_route, "match").key(), "what the root leaves to it")
                    for root, root_route in roots[:3]
                ],
            )
