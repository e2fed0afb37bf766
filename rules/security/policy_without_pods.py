"""An AuthorizationPolicy for a namespace or a mesh without pods for it.

A policy without selector is for all pods of its namespace, one with a selector in the root namespace for
such pods of the whole mesh. Where there are none in the mesh, it does nothing
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#AuthorizationPolicy).

For selectors inside a namespace see `selector-without-pods`. A namespace whose pods no file shows is
reported with `--scope complete` only; otherwise pods of it must be there, and all without a proxy.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: closed  # ML444
  namespace: shop
spec:
  action: DENY
  rules:
  - {}
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
      hostNetwork: true
      containers:
      - name: web
        image: registry.example/web:1.0
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    matchLabels:
      app: cart
  template:
    metadata:
      labels:
        app: cart
    spec:
      hostNetwork: true
      containers:
      - name: cart
        image: registry.example/cart:1.0
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: closed
  namespace: shop
spec:
  action: DENY
  rules:
  - {}
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
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    matchLabels:
      app: cart
  template:
    metadata:
      labels:
        app: cart
    spec:
      containers:
      - name: cart
        image: registry.example/cart:1.0
```
"""

from collections.abc import Sequence

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.workloads import Workload


@rule("ML444", "policy-without-pods", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0127",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    spec, namespace = policy.spec, mesh.namespace(policy)
    if spec is None or spec.targets:
        return
    wanted = spec.selector.wanted if spec.selector else {}
    everywhere = namespace == mesh.settings.root_namespace
    if everywhere != bool(wanted):
        return
    workloads = mesh.selectors.picked(None if everywhere else namespace, wanted)
    if not _are_outside(workloads, mesh) or (not workloads and mesh.gateway_workloads.comes_with_istio(wanted)):
        return
    where = "the mesh" if everywhere else f"namespace `{namespace}`"
    yield finding(
        at(policy, spec.selector, "match_labels", next(iter(wanted))) if wanted and spec.selector else at(policy),
        f"no pod of {where} that this policy is for is in the mesh: nothing enforces it",
        help="correct the selector or the namespace, or bring the pods into the mesh",
        related=[(at(item.resource), "these pods have no proxy") for item in workloads[:1]],
    )


def _are_outside(workloads: Sequence[Workload], mesh: Mesh) -> bool:
    """Whether all pods surely are outside of the mesh; where there are none, only a complete input says so."""
    if not workloads:
        return mesh.context.scope is Scope.COMPLETE
    return all(mesh.injection.in_mesh(item) is Answer.NO for item in workloads)
