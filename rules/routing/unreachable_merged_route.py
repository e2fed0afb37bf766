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

from meshlint.api import Findings, Mesh, Place, Severity, VirtualService, at, finding, rule
from meshlint.mesh.delegates import MergedRoute
from meshlint.mesh.matching import ANY_GATEWAY

from ._reach import place, reached


@rule("ML265", "unreachable-merged-route", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    if spec is None or not spec.hosts or all(route.delegate is None for route in virtual_service.http):
        return
    merged = mesh.delegates.routes(virtual_service)
    by_route = {id(item.route): item for item in merged}
    for route in reached("HTTP", [item.route for item in merged], spec.gateways or ANY_GATEWAY):
        hidden, hiding = by_route[id(route.route)], by_route.get(id(route.hidden[0].by_route))
        if not route.is_dead or hiding is None or _written_together(hidden, hiding):
            continue
        if hidden.origin.through is not None and len(mesh.delegates.roots(hidden.origin.virtual_service)) > 1:
            continue
        owner = hiding.origin.virtual_service
        yield finding(
            _place(hidden),
            f"no request reaches this route: one of VirtualService `{mesh.namespace(owner)}/{owner.name}` before it takes all of its requests",
            help="move it before the route that takes its requests, narrow that route's match, or remove this one",
            related=[(_place(hiding), "this takes its requests")],
        )


def _written_together(one: MergedRoute, other: MergedRoute) -> bool:
    """Whether ML230 sees both: they are of one VirtualService."""
    return one.origin.virtual_service is other.origin.virtual_service


def _place(merged: MergedRoute) -> Place:
    origin = merged.origin
    return at(origin.virtual_service, *place(next(iter(origin.route.match or ()), None), origin.route))
