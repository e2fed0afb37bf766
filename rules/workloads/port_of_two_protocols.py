"""A port of pods that Services give different protocols.

A proxy has one listener for each port of its pods. If one Service says HTTP and another says TCP, it
follows one of them: HTTP rules are lost, or connections break that are no HTTP
(https://istio.io/latest/docs/ops/deployment/application-requirements/).

Only protocols that Istio handles differently count. Two Service ports of one protocol that lead to one port
of the pods are fine, and so is DNS on 53/TCP and 53/UDP: `istioctl analyze` reports both.

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web  # ML625
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.example/web:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - name: http
    port: 80
    targetPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web-raw
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - name: tcp
    port: 80
    targetPort: 8080
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.example/web:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - name: http
    port: 80
    targetPort: 8080
---
apiVersion: v1
kind: Service
metadata:
  name: web-admin
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - name: http-admin
    port: 8081
    targetPort: 8080
```
"""

from meshlint.api import Findings, Mesh, Severity, Workload, at, finding, rule


@rule(
    "ML625",
    "port-of-two-protocols",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("IST0116", "IST0137"),
)
def check(resource: Workload, mesh: Mesh) -> Findings:
    for workload in mesh.workloads.of_resource(resource)[:1]:
        for clash in mesh.port_protocols.clashes(workload):
            one, other = clash.one, clash.other
            yield finding(
                at(resource),
                f"port {one.target} of these pods is {clash.protocol.value} by Service `{one.service.name}`, but "
                f"{clash.other_protocol.value} by `{other.service.name}`: the proxy follows one of them",
                help="give the Service ports the same protocol, or let them lead to different ports",
                related=[
                    (at(one.service, one.port, "name"), f"{clash.protocol.value} here"),
                    (at(other.service, other.port, "name"), f"{clash.other_protocol.value} here"),
                ],
                equivalents=("IST0116",) if clash.same_number else ("IST0137",),
            )
