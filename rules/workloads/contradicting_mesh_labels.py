"""A namespace with several labels that each bring its pods into the mesh.

`istio-injection: enabled` hides `istio.io/rev`: the default control plane injects, not the one of the
revision. Labels for sidecars hide `istio.io/dataplane-mode: ambient`: pods with a sidecar are not taken
by ztunnel (https://istio.io/latest/docs/reference/config/analysis/ist0123/).

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
    istio.io/rev: canary  # ML621
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/rev: canary
```
"""

from meshlint.api import Findings, Namespace, Severity, at, finding, rule
from meshlint.mesh.injection import DATAPLANE_MODE, INJECTION, REVISION


@rule("ML621", "contradicting-mesh-labels", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0123",))
def check(namespace: Namespace) -> Findings:
    labels = namespace.labels
    if labels.get(INJECTION, "enabled") != "enabled":
        return
    given = [key for key in (INJECTION, REVISION, DATAPLANE_MODE) if labels.get(key) not in {None, "", "none"}]
    if len(given) > 1:
        first, second = given[:2]
        yield finding(
            at(namespace, namespace.metadata, "labels", second),
            f"`{first}: {labels[first]}` hides `{second}: {labels[second]}`",
            help="keep the one that is meant",
        )
