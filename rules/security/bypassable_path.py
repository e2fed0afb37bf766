"""A DENY rule for a path that another spelling of the path gets around.

How the proxy makes paths equal before it looks at policies is set by `pathNormalization` of the mesh config.
Less than `MERGE_SLASHES` leaves `//admin` as it is, which many servers take for `/admin`: the request is not
denied. The same holds for `notPaths` of an ALLOW rule
(https://istio.io/latest/docs/ops/best-practices/security/#customize-your-system-on-path-normalization).

Reported where the mesh config is known. Safer than any normalisation are ALLOW rules with `paths`.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: no-admin
  namespace: shop
spec:
  action: DENY
  rules:
  - to:
    - operation:
        paths: ["/admin*"]  # ML456
        ports: ["8080"]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: shop.example
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: no-admin
  namespace: shop
spec:
  action: DENY
  rules:
  - to:
    - operation:
        paths: ["/admin*"]
        ports: ["8080"]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: shop.example
    pathNormalization:
      normalization: DECODE_AND_MERGE_SLASHES
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.principals import matches

from ._policies import values

_GUARDS = {"DENY": "paths", "ALLOW": "not_paths"}
_MERGING = frozenset({"MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"})


@rule("ML456", "bypassable-path", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    field, settings = _GUARDS.get(policy.action), mesh.settings
    if field is None or not settings.is_known or settings.mixed or settings.path_normalization in _MERGING:
        return
    listed = list(values(policy, (field,)))
    patterns = [text for *_, text in listed]
    for message, _, index, path in listed:
        other = f"/{path.removesuffix('*')}"
        if path.startswith("/") and path != "/*" and not any(matches(pattern, other) for pattern in patterns):
            effect = "is not denied" if policy.action == "DENY" else "is allowed"
            yield finding(
                at(policy, message, field, index),
                f"a request for `{other}` {effect}, and many servers take it for `{path.removesuffix('*')}`: "
                f"`pathNormalization` is {settings.path_normalization}",
                help="set `pathNormalization: {normalization: MERGE_SLASHES}` in the mesh config, "
                "or allow the good paths instead of denying the bad",
            )
