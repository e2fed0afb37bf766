"""Routes of several VirtualServices that take the same requests on one gateway.

A gateway merges the VirtualServices of a host: their routes stand one after the other, the oldest
VirtualService first, and a request takes the first that matches. So of two routes with the same match
(or two without any) the younger one is dead, and which one that is, is in no file
(https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services).

VirtualServices of one host whose matches differ are no conflict, and are not reported.
`istioctl analyze` does not look at gateways at all.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - route:  # ML241
    - destination:
        host: web
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: cart
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - match:
    - uri:
        prefix: /cart
    route:
    - destination:
        host: cart
  - route:  # ML241
    - destination:
        host: web-new
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - route:
    - destination:
        host: web
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: cart
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - match:
    - uri:
        prefix: /cart
    route:
    - destination:
        host: cart
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML241", "competing-routes", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if len(mesh.all(VirtualService)) < 2:
        return
    for competition in mesh.route_claims.of_gateways(virtual_service):
        rivals, match = competition.rivals, competition.match
        what = "a route for all requests" if match is None else "a route with the same match"
        yield finding(
            at(virtual_service, match or competition.route),
            f"{rivals.names} also {'has' if rivals.single else 'have'} {what} of `{competition.host}` "
            f"on gateway `{competition.gateway}`: the oldest takes the requests, the others get none",
            help="keep one of them, or give them matches that differ",
            related=rivals.places("this one has the other route"),
        )
