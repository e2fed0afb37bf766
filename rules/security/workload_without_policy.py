"""Pods of the mesh that no AuthorizationPolicy is about.

Without any policy everybody in reach may call everything. Off by default: whether each workload should have a
policy is a matter of what one wants
(https://istio.io/latest/docs/ops/best-practices/security/#authorization-policies).

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock  # ML466
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  rules:
  - from:
    - source:
        namespaces: ["till"]
```
"""

from meshlint.api import Answer, Findings, Mesh, Severity, at, finding, rule


@rule(
    "ML466", "workload-without-policy", severity=Severity.INFO, since="0.1.0", equivalents=("KIA1301",), default=False
)
def check(mesh: Mesh) -> Findings:
    for workload in mesh.workloads.all:
        injection = mesh.injection
        if workload.is_machine or injection.control_plane(workload) or injection.in_mesh(workload) is not Answer.YES:
            continue
        if not mesh.authorization.has_policy(workload) and not injection.waypoint(workload):
            yield finding(
                at(workload.resource),
                f"no AuthorizationPolicy of these files is about `{workload.name}`: everybody in reach may call it",
                help="write one for its callers, or one for the namespace that allows nothing: `spec: {}`",
            )
