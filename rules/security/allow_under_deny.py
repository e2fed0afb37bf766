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

_ENOUGH = 50
"""Policies for the same pods, and rules of each, that are looked at for one of DENY."""


@rule("ML464", "allow-under-deny", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if policy.action != "DENY" or not policy.rules or not is_enforced(policy):
        return
    for other in islice(mesh.authorization.within(policy), _ENOUGH):
        if other.action != "ALLOW" or not mesh.trust.may_conflict(policy, other):
            continue
        for narrow in other.rules[:_ENOUGH]:
            wide = next((item for item in policy.rules[:_ENOUGH] if covers(item, narrow)), None)
            if wide is not None:
                yield finding(
                    at(other, narrow),
                    f"this rule lets nothing in: the DENY policy `{policy.name}` refuses all that it takes",
                    help="remove it, or make the DENY policy narrower",
                    related=[(at(policy, wide), "refuses it")],
                )
