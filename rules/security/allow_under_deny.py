"""An ALLOW rule for what a DENY policy refuses.

DENY is asked before ALLOW. A rule of ALLOW that takes only what a DENY policy for the same pods takes as well
never lets anything in (https://istio.io/latest/docs/concepts/security/#implicit-enablement).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: closed
  namespace: shop
spec:
  action: DENY
  rules:
  - to:
    - operation:
        ports: ["9090"]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: metrics
  namespace: shop
spec:
  rules:
  - from:  # ML464
    - source:
        namespaces: ["monitoring"]
    to:
    - operation:
        ports: ["9090"]
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
  - from:
    - source:
        notNamespaces: ["monitoring"]
    to:
    - operation:
        ports: ["9090"]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: metrics
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces: ["monitoring"]
    to:
    - operation:
        ports: ["9090"]
```
"""

from itertools import islice

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.authorization import is_enforced
from meshlint.mesh.authorization_cover import covers

_ENOUGH = 20
"""Policies for the same pods, and rules of each, that are looked at."""


@rule("ML464", "allow-under-deny", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if "DENY" not in mesh.authorization.actions or policy.action != "ALLOW" or not is_enforced(policy):
        return
    over = islice(mesh.authorization.over(policy, "DENY"), _ENOUGH)
    denying = [other for other in over if mesh.trust.may_conflict(policy, other)]
    for narrow in policy.rules[:_ENOUGH] if denying else ():
        found = ((other, wide) for other in denying for wide in other.rules[:_ENOUGH] if covers(wide, narrow))
        other, wide = next(found, (None, None))
        if other is not None:
            yield finding(
                at(policy, narrow),
                f"this rule lets nothing in: the DENY policy `{other.name}` refuses all that it takes",
                help="remove it, or make the DENY policy narrower",
                related=[(at(other, wide), "refuses it")],
            )
