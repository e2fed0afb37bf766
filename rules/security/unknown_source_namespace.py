"""A policy about callers of a namespace that does not exist.

The rule matches nobody: an ALLOW policy then shuts callers out, a DENY policy lets them in. `*` at one end
stands for anything (https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source).

Reported where a Namespace of the files has nearly that name; with `--scope complete`, wherever no Namespace
has it.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: web
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces:
        - front-end  # ML443
---
apiVersion: v1
kind: Namespace
metadata:
  name: frontend
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: Namespace
metadata:
  name: checkout
  labels:
    istio-injection: enabled
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: web
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces:
        - frontend
---
apiVersion: v1
kind: Namespace
metadata:
  name: frontend
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: Namespace
metadata:
  name: checkout
  labels:
    istio-injection: enabled
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule

from ._policies import values


@rule("ML443", "unknown-source-namespace", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0101", "KIA0101"))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    for source, field, index, pattern in values(policy, ("namespaces", "not_namespaces")):
        outcome = mesh.namespaces.resolve(pattern, policy)
        if outcome.is_missing:
            yield finding(
                at(policy, source, field, index),
                f"there is no namespace `{pattern}`: this part of the rule matches no caller",
                help=f"did you mean `{outcome.near}`?" if outcome.near else "correct the name, or remove it",
            )
