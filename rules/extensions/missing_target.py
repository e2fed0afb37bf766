"""A policy attached to something that does not exist.

`targetRefs` names a Gateway, a Service or a ServiceEntry of the policy's own namespace. Where there is none
of that name the policy holds for nothing, and a DENY lets everybody in
(https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference).

Reported where the files hold others of that kind in the namespace, or one of nearly that name.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: callers
  namespace: shop
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: review  # ML838
  rules:
  - from:
    - source:
        namespaces:
        - frontend
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    app: cart
  ports:
  - name: http
    port: 80
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: callers
  namespace: shop
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: reviews
  rules:
  - from:
    - source:
        namespaces:
        - frontend
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    app: cart
  ports:
  - name: http
    port: 80
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.trust import Sought
from meshlint.model.selection import targets_of

if TYPE_CHECKING:
    from meshlint.api import AuthorizationPolicy, EnvoyFilter, RequestAuthentication, Telemetry, WasmPlugin

_KINDS = frozenset({"Gateway", "Service", "ServiceEntry"})


@rule("ML838", "missing-target", severity=Severity.ERROR, since="0.1.0")
def check(
    policy: "AuthorizationPolicy | EnvoyFilter | RequestAuthentication | Telemetry | WasmPlugin", mesh: Mesh
) -> Findings:
    spec = policy.spec
    for target in targets_of(getattr(spec, "target_ref", None), spec.target_refs) if spec else ():
        kind, name = target.kind or "", target.name or ""
        namespaces = mesh.homes(policy)
        if (
            kind not in _KINDS
            or not name
            or target.namespace
            or any(mesh.find(kind, home, name) for home in namespaces)
        ):
            continue
        outcome = mesh.trust.absent(Sought(kind, namespaces[0], name, policy, relative=True))
        if outcome.is_missing:
            yield finding(
                at(policy, target, "name"),
                f"namespace `{namespaces[0]}` has no {kind} `{name}`: this {policy.kind} holds for nothing",
                help=f"did you mean `{outcome.near}`?" if outcome.near else f"write the name of a {kind}",
            )
