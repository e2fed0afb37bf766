"""Several Sidecars without selector in one namespace.

A Sidecar without `workloadSelector` is the default of its namespace. There can be one: istiod takes the
oldest and drops the others
(https://istio.io/latest/docs/reference/config/networking/sidecar/#Sidecar).

`istioctl analyze` counts Sidecars of the same name in two clusters as two; meshlint takes what lies in
alternative files or folders (`clusters/a`, `clusters/b`) for alternatives.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default  # ML731
  namespace: shop
spec:
  egress:
  - hosts:
    - "./*"
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: egress  # ML731
  namespace: shop
spec:
  egress:
  - hosts:
    - "istio-system/*"
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: shop
spec:
  egress:
  - hosts:
    - "./*"
```
"""

from meshlint.api import Findings, Mesh, Severity, Sidecar, at, finding, rule


@rule("ML731", "several-default-sidecars", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0111", "KIA0002"))
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    rivals = mesh.selections.defaults(sidecar)
    if rivals:
        yield finding(
            at(sidecar),
            f"{rivals.names} {'is' if rivals.single else 'are'} also for the whole namespace "
            f"`{mesh.namespace(sidecar)}`: istiod takes the oldest Sidecar and drops the others",
            help="keep one Sidecar without selector, or let the others select pods",
            related=rivals.places("this Sidecar has no selector either"),
        )
