"""A Sidecar with a selector in the root namespace, for pods of other namespaces.

A Sidecar of the root namespace counts for the whole mesh only without a selector. With one it is about pods of
that namespace, as any other
(https://istio.io/latest/docs/reference/config/networking/sidecar/).

Reported where the selector picks pods of other namespaces only.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: till
  namespace: istio-system
spec:
  workloadSelector:  # ML661
    labels:
      app: till
  egress:
  - hosts:
    - shop/*
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: till
  namespace: shop
spec:
  selector:
    matchLabels:
      app: till
  template:
    metadata:
      labels:
        app: till
    spec:
      containers:
      - name: till
        image: registry.example/till:1.0
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: till
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: till
  egress:
  - hosts:
    - shop/*
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: till
  namespace: shop
spec:
  selector:
    matchLabels:
      app: till
  template:
    metadata:
      labels:
        app: till
    spec:
      containers:
      - name: till
        image: registry.example/till:1.0
```
"""

from meshlint.api import Findings, Mesh, Severity, Sidecar, at, finding, rule


@rule(
    "ML661",
    "selector-in-root-namespace",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("KIA1006",),
    covers=("ML605",),
)
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    selector = sidecar.spec.workload_selector if sidecar.spec else None
    root = mesh.settings.root_namespace
    homes = set(mesh.homes(sidecar))
    if selector is None or not selector.wanted or sidecar.namespace is None or homes != {root}:
        return
    picked = mesh.selectors.picked(None, selector.wanted)
    elsewhere = [workload for workload in picked if workload.namespace != root]
    if elsewhere and len(elsewhere) == len(picked):
        yield finding(
            at(sidecar, sidecar.spec, "workload_selector"),
            f"a Sidecar with a selector is about pods of its own namespace, also in the root namespace: "
            f"`{elsewhere[0].name}` of `{elsewhere[0].namespace}` takes no notice of it",
            help=f"write it into `{elsewhere[0].namespace}`, or remove the selector for the whole mesh",
            related=[(at(elsewhere[0].resource), "has these labels")],
        )
