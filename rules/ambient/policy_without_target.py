"""A policy with a selector, or for a namespace, that nothing in ambient mode reads.

Ztunnel knows neither tokens nor plugins nor tracing. Waypoints do, but take only policies with `targetRefs`;
those without, with a selector or for the whole namespace, count for sidecars and gateways alone. A
Telemetry without selector is read by waypoints too
(https://istio.io/latest/docs/ambient/usage/l7-features/).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock  # ML902
  jwtRules:
  - issuer: https://login.shop.example
    jwksUri: https://login.shop.example/keys
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
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: stock
  jwtRules:
  - issuer: https://login.shop.example
    jwksUri: https://login.shop.example/keys
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

from typing import TYPE_CHECKING

from meshlint.api import Answer, Findings, Mesh, Place, Severity, at, finding, rule

from ._scope import is_for_ambient, wanted_labels

if TYPE_CHECKING:
    from meshlint.api import RequestAuthentication, Telemetry, WasmPlugin

_CODES = {
    "RequestAuthentication": ("KIA1115", "KIA1110"),
    "WasmPlugin": ("KIA1116", "KIA1111"),
    "Telemetry": ("KIA1117", "KIA1112"),
}


@rule(
    "ML902",
    "policy-without-target",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=tuple(sorted(code for codes in _CODES.values() for code in codes)),
)
def check(policy: "RequestAuthentication | WasmPlugin | Telemetry", mesh: Mesh) -> Findings:
    spec = policy.spec
    if spec is None or spec.targets or (policy.kind == "Telemetry" and not wanted_labels(policy)):
        return
    if is_for_ambient(policy, mesh):
        unbound = mesh.injection.uses_waypoint(mesh.namespace(policy)) is Answer.NO
        yield finding(
            _place(policy),
            f"the pods of this {policy.kind} are in ambient mode, where only waypoints read it, "
            "and those only by `targetRefs`: it does nothing",
            help='write `targetRefs` with the Service (`group: ""`, `kind: Service`), and lead it through a waypoint',
            equivalents=_CODES[policy.kind] if unbound else _CODES[policy.kind][:1],
        )


def _place(policy: "RequestAuthentication | WasmPlugin | Telemetry") -> Place:
    wanted = wanted_labels(policy)
    return at(policy, policy.spec, "selector", "match_labels", next(iter(wanted))) if wanted else at(policy)
