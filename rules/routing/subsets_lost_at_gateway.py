"""A route of a gateway to a host whose subsets only the routes of sidecars tell apart.

Routes of sidecars (`gateways` absent, or `mesh`) do not hold for requests that come in by a gateway:
those follow the routes bound to it. So a canary that is written for the host `reviews` takes no
request from outside, which is spread over all pods of all subsets
(https://istio.io/latest/docs/ops/common-problems/network-issues/#route-rules-have-no-effect-on-ingress-gateway-requests).

Silent for gateways of outgoing traffic, whose first hop has no subset by design, and where some route
of a gateway does lead to a subset of the host: `istioctl analyze` reports these too.

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
  - public
  http:
  - route:
    - destination:
        host: web  # ML245
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop.example.com
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
spec:
  hosts:
  - web
  http:
  - route:
    - destination:
        host: web
        subset: v1
      weight: 90
    - destination:
        host: web
        subset: v2
      weight: 10
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: web
  namespace: shop
spec:
  host: web
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
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
  - web
  gateways:
  - public
  - mesh
  http:
  - route:
    - destination:
        host: web
        subset: v1
      weight: 90
    - destination:
        host: web
        subset: v2
      weight: 10
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop.example.com
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: web
  namespace: shop
spec:
  host: web
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML245", "subsets-lost-at-gateway", severity=Severity.INFO, since="0.1.0", equivalents=("IST0140",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if not (virtual_service.spec and virtual_service.spec.gateways) or len(mesh.all(VirtualService)) < 2:
        return
    for bypass in mesh.subsets.bypasses(virtual_service):
        routes = f"{mesh.namespace(bypass.routes)}/{bypass.routes.name}"
        gateway = f"{mesh.namespace(bypass.gateway)}/{bypass.gateway.name}"
        yield finding(
            at(virtual_service, bypass.destination, "host"),
            f"requests by gateway `{gateway}` go to all pods of `{bypass.destination.host}`: "
            f"the subsets of VirtualService `{routes}` hold for sidecars only",
            help="write the subsets here too, or bind that VirtualService to the gateway and to `mesh`",
            related=[(at(bypass.routes), "these routes hold for sidecars only")],
        )
