"""A delegate that does not exist.

istiod drops a route whose delegate it does not find; its requests get 404 or go to a later route
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate>). A delegate
without `namespace` is one of the root's own.

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
    delegate:
      name: cart-route  # ML263
      namespace: shop
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart-routes, namespace: shop}
spec:
  http:
  - route:
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
    delegate: {name: cart-routes, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart-routes, namespace: shop}
spec:
  http:
  - route:
    - destination: {host: cart.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML263", "missing-delegate", severity=Severity.ERROR, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    for route in virtual_service.http:
        delegate = route.delegate
        if delegate is None or not delegate.name:
            continue
        outcome = mesh.delegates.resolve(delegate, virtual_service)
        if outcome.is_missing:
            namespace = delegate.namespace or mesh.namespace(virtual_service)
            near = f"did you mean `{outcome.near}`? " if outcome.near else ""
            yield finding(
                at(virtual_service, delegate, "name"),
                f"namespace `{namespace}` has no VirtualService `{delegate.name}`: this route is dropped",
                help=f"{near}name a VirtualService without `hosts`, with its `namespace`",
            )
