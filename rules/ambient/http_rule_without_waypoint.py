"""A policy about requests, for pods in ambient mode, that ztunnel has to enforce.

Ztunnel sees connections, no requests. A policy with a selector, or for a whole namespace, is enforced by it and
not by a waypoint: an ALLOW rule with methods, paths, hosts, headers or tokens never matches, and a DENY
rule refuses whatever the rest of it takes. Waypoints enforce policies with `targetRefs`
(https://istio.io/latest/docs/ambient/usage/l7-features/).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  rules:
  - to:
    - operation:
        methods: ["GET"]  # ML901
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: stock
  rules:
  - to:
    - operation:
        methods: ["GET"]
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```
"""

from itertools import islice

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.authorization_rules import http_parts

from ._scope import is_for_ambient

_EFFECTS = {
    "ALLOW": "this rule lets nothing in",
    "DENY": "this rule denies without this condition",
}


@rule(
    "ML901",
    "http-rule-without-waypoint",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("KIA0109", "KIA0110", "KIA1317"),
)
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    effect = _EFFECTS.get(policy.action)
    if effect is None or not mesh.injection.uses_ambient:
        return
    parts = [part for entry in policy.rules for part in islice(http_parts(entry), 1)]
    if not parts or policy.spec is None or policy.spec.targets or not is_for_ambient(policy, mesh):
        return
    unbound = mesh.injection.uses_waypoint(mesh.namespace(policy)) is Answer.NO
    for message, field in parts:
        yield finding(
            at(policy, message, field),
            f"ztunnel enforces this policy and sees no requests: {effect}",
            help="write `targetRefs` instead of a selector, and lead the Service through a waypoint",
            equivalents=("KIA0110", "KIA0109", "KIA1317") if unbound else ("KIA0110",),
        )
