"""A Sidecar for pods that have no sidecar, but are in ambient mode.

ztunnel does not read Sidecar resources: neither `egress` nor `ingress` nor the outbound policy holds for
pods of ambient mode. Waypoints and AuthorizationPolicies do what is possible there
(https://istio.io/latest/docs/ambient/migrate/before-you-begin/).

A pod is in ambient mode by the label `istio.io/dataplane-mode: ambient` of its own or of its namespace,
unless it is injected.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: web
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: web  # ML732
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

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
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

from meshlint.api import Answer, Findings, Mesh, Place, Severity, Sidecar, at, finding, rule


@rule("ML732", "sidecar-in-ambient", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0167",))
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    if _is_idle(sidecar, mesh):
        yield finding(
            _place(sidecar),
            f"the pods of Sidecar `{sidecar.name}` are in ambient mode, where nothing reads Sidecars: it does nothing",
            help="remove it, or write AuthorizationPolicies and a waypoint for what it was to do",
        )


def _is_idle(sidecar: Sidecar, mesh: Mesh) -> bool:
    """Whether all pods that a Sidecar is about are in ambient mode."""
    namespace = mesh.namespace(sidecar)
    selector = sidecar.spec.workload_selector if sidecar.spec else None
    if namespace == mesh.settings.root_namespace and not (selector and selector.wanted):
        return False
    workloads = mesh.selectors.picked(namespace, selector.wanted if selector else {})
    if not workloads:
        return not (selector and selector.wanted) and mesh.injection.ambient_namespace(namespace) is Answer.YES
    return all(mesh.injection.ambient(workload) is Answer.YES for workload in workloads)


def _place(sidecar: Sidecar) -> Place:
    selector = sidecar.spec.workload_selector if sidecar.spec else None
    return at(sidecar, selector, "labels", next(iter(selector.wanted))) if selector and selector.wanted else at(sidecar)
