"""A route to a delegate that istiod does not take for one.

A delegate has no `hosts`: a VirtualService that has some serves these hosts itself, and a route that
names it as delegate is dropped. The same goes for one that `exportTo` keeps from the root's
namespace. Requests of the route get 404, or go to a later route
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate>,
`mergeVirtualServicesIfNeeded` in `pilot/pkg/model/virtualservice.go`).

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
      name: cart  # ML262
      namespace: shop
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - route:
    - destination: {host: cart}
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
  exportTo: [edge]
  http:
  - route:
    - destination: {host: cart.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule

_HELP = {
    "HAS_HOSTS": "remove `hosts` (and `gateways`) there, or move the routes to a VirtualService without them",
    "HIDDEN": "add the namespace of this VirtualService to the delegate's `exportTo`",
}
"""By the name of what is wrong (`mesh.delegates.Failing`)."""


@rule("ML262", "unusable-delegate", severity=Severity.ERROR, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if virtual_service.spec is None or not virtual_service.spec.hosts:
        return
    for route in virtual_service.http:
        delegate = route.delegate
        if delegate is None:
            continue
        targets = mesh.delegates.named(delegate, virtual_service)
        failing = [(target, mesh.delegates.failing(target, virtual_service)) for target in targets]
        reasons = [(target, reason.name if reason else "") for target, reason in failing]
        if not reasons or any(reason not in _HELP for _, reason in reasons):
            continue
        target, reason = reasons[0]
        is_hidden = reason == "HIDDEN"
        why = "is not exported to this namespace" if is_hidden else "has hosts of its own"
        yield finding(
            at(virtual_service, delegate, "name"),
            f"VirtualService `{mesh.namespace(target)}/{target.name}` {why} and so is no delegate here: this route is dropped",
            help=_HELP[reason],
            related=[(at(target, None, "spec", "export_to" if is_hidden else "hosts").key(), "this is why")],
        )
