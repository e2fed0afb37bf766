"""Several Telemetries that select the same pods.

A proxy takes one Telemetry with a selector, the oldest of those that select it, and drops the others
(https://istio.io/latest/docs/tasks/observability/telemetry/#workload-selection).

Reported where the files hold a pod that several select, and where selectors are equal.

### Bad

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web  # ML832
  tracing:
  - randomSamplingPercentage: 10
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: logs
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web  # ML832
  accessLogging:
  - providers:
    - name: envoy
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
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  tracing:
  - randomSamplingPercentage: 10
  accessLogging:
  - providers:
    - name: envoy
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

from meshlint.api import Findings, Mesh, Severity, Telemetry, at, finding, rule


@rule("ML832", "overlapping-telemetries", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0159",))
def check(telemetry: Telemetry, mesh: Mesh) -> Findings:
    shared = mesh.selections.shared(telemetry)
    if shared is None or telemetry.spec is None or telemetry.spec.selector is None:
        return
    rivals, workload = shared.rivals, shared.workload
    pods = f"the pods of {workload.kind} `{workload.name}`" if workload else "the same pods"
    yield finding(
        at(telemetry, telemetry.spec.selector, "match_labels", next(iter(telemetry.spec.selector.wanted))),
        f"{rivals.names} also {'selects' if rivals.single else 'select'} {pods}: "
        "a proxy takes the oldest Telemetry and drops the others",
        help="write all of it in one Telemetry, or let each select other pods",
        related=rivals.places("this Telemetry selects them too"),
    )
