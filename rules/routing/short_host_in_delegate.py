"""A short host in a delegate of another namespace than its root's.

A name without dots gets a namespace. Releases of istiod differ in which: the older ones expand the
hosts of a delegate before they merge it (its own namespace), the newer ones after (the *root's*)
(`resolveVirtualServiceShortnames` beside `mergeHTTPRoutes` in istiod). A short host that works today
leads nowhere, and answers 503, after an upgrade.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: edge}
spec:
  hosts: [shop.example.com]
  http:
  - delegate: {name: cart, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
  - route:
    - destination:
        host: cart  # ML264
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: edge}
spec:
  hosts: [shop.example.com]
  http:
  - delegate: {name: cart, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  http:
  - route:
    - destination: {host: cart.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML264", "short-host-in-delegate", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if virtual_service.spec is None or virtual_service.spec.hosts or virtual_service.namespace is None:
        return
    own = virtual_service.namespace
    away = [(root, route) for root, route in mesh.delegates.roots(virtual_service) if root.namespace not in {own, None}]
    if not away:
        return
    root, delegating = away[0]
    for route in virtual_service.http:
        for destination in route.destinations():
            host = destination.host
            if host and "." not in host and host != "*":
                yield finding(
                    at(virtual_service, destination, "host"),
                    f"`{host}` is taken for a service of `{own}` by older releases of istiod, and of `{root.namespace}` by newer ones",
                    help=f"write `{host}.{own}.svc.{mesh.settings.cluster_domain}`",
                    related=[(at(root, delegating, "delegate").key(), "the root is in another namespace")],
                )
