"""A chain of calls without any timeout.

Istio sets no timeout by default: where no route on the way has one, a server that hangs at the end
keeps every caller before it waiting, until clients or kernels give up
(<https://istio.io/latest/docs/concepts/traffic-management/#timeouts>).

Reported is the outermost route of chains of two calls and more, as for ML340. Off by default: most
meshes have such chains, and applications may have timeouts of their own.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/shop]
  http:
  - route:  # ML343
    - destination: {host: web}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - match:
    - sourceLabels: {app: web}
    route:
    - destination: {host: cart}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: x}]}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/shop]
  http:
  - route:
    - destination: {host: web}
    timeout: 10s
```
"""

from meshlint.api import Findings, Mesh, Severity, finding, rule
from meshlint.mesh.callgraph import named_as


@rule("ML343", "chain-without-timeout", severity=Severity.INFO, since="0.1.0", default=False)
def check(mesh: Mesh) -> Findings:
    inner_calls = {id(item) for hop in mesh.call_graph.hops for item in mesh.call_graph.following(hop)}
    for hop in mesh.call_graph.hops:
        if id(hop) in inner_calls or hop.route is None or hop.timeout is not None:
            continue
        following = [item for item in mesh.call_graph.following(hop) if item.timeout is None]
        if following:
            ends = sorted({named_as(mesh, item.edge.service) for item in following})
            yield finding(
                hop.place("timeout"),
                f"no timeout on the way from `{named_as(mesh, hop.edge.caller)}` by `{named_as(mesh, hop.edge.service)}` to `{ends[0]}`",
                help="set `timeout` on this route; the outermost one bounds the whole",
                related=[(item.place("timeout"), "no timeout here either") for item in following[:3]],
            )
