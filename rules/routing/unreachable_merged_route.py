"""A route that no request reaches once delegates are merged into their root.

istiod puts the routes of a delegate in the place of the route that names it. A delegate without
conditions takes everything its root leaves to it, so that later routes of the root are reached only
by what is left; and a route of the root before it may take all that the delegate waits for
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate>). What hides a
route within one VirtualService is ML230.

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
  - match:
    - uri:
        prefix: /cart/admin  # ML265
    route:
    - destination: {host: admin}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
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
    - uri: {prefix: /cart/admin}
    route:
    - destination: {host: admin}
  - match:
    - uri: {prefix: /cart}
    delegate: {name: cart, namespace: shop}
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

from meshlint.api import Findings, Mesh, Severity, VirtualService, finding, rule
from meshlint.mesh.matching import ANY_GATEWAY

from ._reach import as_merged, reached, routes, where, written_together


@rule("ML265", "unreachable-merged-route", severity=Severity.WARNING, since="0.1.0", everywhere=True)
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    merged = as_merged(virtual_service)
    if merged is None:
        return
    useless = _useless(merged.root)
    for route in routes(virtual_service):
        hiding = route.hidden[0].by_route
        served = merged.served.get(id(route.route))
        if not route.is_dead or written_together(virtual_service, route.route, hiding):
            continue
        if served is not None and id(served.through) in useless:
            continue
        owner = merged.owner(hiding)
        yield finding(
            where(virtual_service, route.hidden[0].match, route.route),
            f"no request reaches this route: one of VirtualService `{mesh.namespace(owner)}/{owner.name}` before it takes all of its requests",
            help="move it before the route that takes its requests, narrow that route's match, or remove this one",
            related=[(where(virtual_service, route.hidden[0].by, hiding), "this takes its requests")],
        )


def _useless(root: VirtualService) -> set[int]:
    """The root's routes that are not reached as they are written, so that no delegate of theirs is."""
    gateways = (root.spec.gateways if root.spec else None) or ANY_GATEWAY
    return {id(reach.route) for reach in reached("HTTP", root.http, gateways) if reach.is_dead}
