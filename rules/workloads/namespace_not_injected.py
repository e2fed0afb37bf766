"""A namespace with policies of Istio, but without a label that brings pods into the mesh.

Without `istio-injection`, `istio.io/rev` or `istio.io/dataplane-mode` new pods of the namespace get no
proxy, and policies and routes for them do nothing
(https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/).

Labels are often set with kubectl. So meshlint says so only where resources of Istio live in the namespace
and another Namespace of the files does carry such a label; with `--scope complete`, of every namespace.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop  # ML620
---
apiVersion: v1
kind: Namespace
metadata:
  name: frontend
  labels:
    istio-injection: enabled
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: callers
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces:
        - frontend
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
apiVersion: v1
kind: Namespace
metadata:
  name: frontend
  labels:
    istio-injection: enabled
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: callers
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces:
        - frontend
```
"""

from meshlint.api import Findings, Mesh, Namespace, Severity, at, finding, rule


@rule("ML620", "namespace-not-injected", severity=Severity.INFO, since="0.1.0", equivalents=("IST0102", "IST0148"))
def check(namespace: Namespace, mesh: Mesh) -> Findings:
    if not mesh.enrolment.is_left_out(namespace):
        return
    if mesh.settings.enable_namespaces_by_default:
        yield finding(
            at(namespace),
            f"namespace `{namespace.name}` has no label, but the installation injects such namespaces too",
            help="label it `istio-injection: enabled` or `disabled`, so that it can be seen",
            equivalents=("IST0148",),
        )
        return
    yield finding(
        at(namespace),
        f"namespace `{namespace.name}` has no label that brings its pods into the mesh: they get no proxy",
        help="label it `istio-injection: enabled` (or `disabled`, to say that it is meant so)",
        equivalents=("IST0102",),
    )
