"""Several Sidecars that select the same pods.

A proxy takes one Sidecar, the oldest of those that select it, and drops the others: what they let through
or limit does not hold, and which one is the oldest is in no file
(https://istio.io/latest/docs/reference/config/networking/sidecar/#Sidecar).

Reported where the files hold a pod that several select, and where selectors are equal.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: web
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: web  # ML730
  egress:
  - hosts:
    - "./*"
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: web-egress
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: web  # ML730
  egress:
  - hosts:
    - "istio-system/*"
---
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
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: web
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: web
  egress:
  - hosts:
    - "./*"
---
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
```
"""

from meshlint.api import Findings, Mesh, Severity, Sidecar, at, finding, rule


@rule("ML730", "overlapping-sidecars", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0110", "KIA0003"))
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    shared = mesh.selections.shared(sidecar)
    if shared is None or sidecar.spec is None or sidecar.spec.workload_selector is None:
        return
    rivals, workload = shared.rivals, shared.workload
    pods = f"the pods of {workload.kind} `{workload.name}`" if workload else "the same pods"
    yield finding(
        at(sidecar, sidecar.spec.workload_selector, "labels", next(iter(sidecar.spec.workload_selector.wanted))),
        f"{rivals.names} also {'selects' if rivals.single else 'select'} {pods}: "
        "a proxy takes the oldest Sidecar and drops the others",
        help="write all of it in one Sidecar, or let each select other pods",
        related=rivals.places("this Sidecar selects them too"),
    )
