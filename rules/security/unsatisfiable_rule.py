"""A part of a rule that no request can fulfil.

All fields of a source or an operation have to hold together. Where one excludes what another asks for, the
rule never matches by it: with ALLOW callers get 403, with DENY they come through
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/desk/sa/clerk"]
        namespaces: ["till"]  # ML462
    to:
    - operation:
        paths: ["/stock/internal"]  # ML462
        notPaths: ["/stock/*"]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/desk/sa/clerk"]
    - source:
        namespaces: ["till"]
    to:
    - operation:
        paths: ["/stock/*"]
        notPaths: ["/stock/internal"]
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.mesh.authorization_cover import contradictions


@rule("ML462", "unsatisfiable-rule", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy) -> Findings:
    for entry in policy.rules:
        for message, field, reason in contradictions(entry):
            yield finding(
                at(policy, message, field),
                f"no request fulfils this: {reason}, and all has to hold together",
                help="write what are alternatives as entries of their own, or correct one of the two",
            )
