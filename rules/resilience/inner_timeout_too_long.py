"""A timeout that is longer than that of the call it serves.

A gateway waits 5 s for `web`, `web` waits 10 s for `cart`: after 5 s the first caller has its 504, and
`web`, `cart` and their retries go on working for nobody. A chain of calls wants timeouts that become
shorter on the way in
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-upstream-rq-timeout-ms>:
a timeout holds for one proxy, nothing tells the next of it, but for `x-envoy-expected-rq-timeout-ms`).

The calls are those that configuration shows, as for ML340. Compared are routes that take all requests
to the service (a route with conditions may be for others than those that lead on).

### Bad

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
    timeout: 5s
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
    timeout: 10s  # ML341
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
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - route:
    - destination: {host: cart}
    timeout: 3s
```
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, duration_text, finding, rule

if TYPE_CHECKING:
    from meshlint.api import VirtualService
    from meshlint.mesh.callgraph import Hop


@rule("ML341", "inner-timeout-too-long", severity=Severity.INFO, since="0.1.0")
def check(mesh: Mesh) -> Findings:
    every: Sequence[VirtualService] = mesh.of_class("VirtualService")
    routes = [route for item in every for route in item.http]
    if sum(route.timeout is not None for route in routes) < 2:
        return
    if all((route.match or route.timeout is None) and not route.delegate for route in routes):
        return  # no timed route takes all requests
    from meshlint.mesh.callgraph import named_as

    said: set[int] = set()
    for outer in mesh.call_graph.hops:
        if outer.timeout is None or not _takes_all(outer):
            continue
        for inner in mesh.call_graph.following(outer):
            if inner.timeout is None or inner.timeout <= outer.timeout or id(inner.settings) in said:
                continue
            said.add(id(inner.settings))
            yield finding(
                inner.place("timeout"),
                f"`{named_as(mesh, inner.edge.caller)}` may wait {duration_text(inner.timeout)} for "
                f"`{named_as(mesh, inner.edge.service)}`, but its own caller gives up after {duration_text(outer.timeout)}",
                help=f"set it below {duration_text(outer.timeout)}, or raise the timeout of the outer call",
                related=[
                    (
                        outer.place("timeout"),
                        f"{named_as(mesh, outer.edge.caller)} waits for {named_as(mesh, outer.edge.service)}",
                    ),
                    (inner.edge.place, f"this shows the inner call: {inner.edge.text}"),
                ],
            )


def _takes_all(hop: "Hop") -> bool:
    return hop.settings is not None and not hop.settings.match
