"""Services that call each other in a circle.

A circle of calls may be harmless (callbacks), but a request that goes round in it occupies each
service again and again, and retries multiply with each turn. None of the services can be deployed,
or recover, without the others.

The calls are those that configuration shows, as for ML340; with the option `guess` also those that
settings of containers hint at. Off by default: a policy that lets a caller in does not prove that it
calls.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  http:
  - match:
    - sourceLabels: {app: billing}
    route:
    - destination:
        host: orders  # ML342
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: billing, namespace: shop}
spec:
  hosts: [billing]
  http:
  - match:
    - sourceLabels: {app: orders}
    route:
    - destination: {host: billing}
---
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec:
  selector: {app: orders}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: billing, namespace: shop}
spec:
  selector: {app: billing}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop, labels: {app: orders}}
spec: {containers: [{name: main, image: x}]}
---
apiVersion: v1
kind: Pod
metadata: {name: billing, namespace: shop, labels: {app: billing}}
spec: {containers: [{name: main, image: x}]}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: shop}
spec:
  hosts: [orders]
  http:
  - route:
    - destination: {host: orders}
```
"""

from meshlint.api import Findings, Mesh, Options, Severity, finding, rule
from meshlint.mesh.callgraph import CallGraph, named_as


class CallCycle(Options, frozen=True):
    """Which calls count."""

    guess: bool = False
    """Whether calls that environment variables and ConfigMaps hint at count."""


@rule("ML342", "call-cycle", severity=Severity.INFO, since="0.1.0", default=False)
def check(mesh: Mesh, options: CallCycle) -> Findings:
    graph = CallGraph(mesh, guessed=True) if options.guess else mesh.call_graph
    for cycle in graph.cycles():
        names = [named_as(mesh, hop.edge.service) for hop in cycle]
        yield finding(
            cycle[0].edge.place,
            f"the services call each other in a circle: {' -> '.join([names[-1], *names])}",
            help="let one of them be called by events, or split off what both need",
            related=[
                (
                    hop.edge.place,
                    f"{named_as(mesh, hop.edge.caller)} calls {named_as(mesh, hop.edge.service)}: {hop.edge.text}",
                )
                for hop in cycle
            ],
        )
