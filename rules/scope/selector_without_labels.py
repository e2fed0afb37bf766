"""A selector without labels, which selects every workload.

Whoever writes a selector means to narrow the resource to some workloads. Without labels in it the
resource is about all workloads of its namespace, as it is without the selector; in the root
namespace, about all of the mesh.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector: {}  # ML710
  egress:
  - hosts: ["./*"]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels: {app: reviews}
  egress:
  - hosts: ["./*"]
```
"""

from meshlint.api import Findings, Severity, at, finding, rule
from meshlint.model.selection import Selecting, WorkloadSelecting


@rule("ML710", "selector-without-labels", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(resource: Selecting) -> Findings:
    selector = resource.selector
    if selector is not None and not selector.wanted:
        field = "workloadSelector" if isinstance(resource, WorkloadSelecting) else "selector"
        yield finding(
            at(resource, selector),
            f"the selector has no labels, so the {resource.kind} is about every workload, as it is without a selector",
            help=f"write the labels of the workloads that are meant, or leave `{field}` out",
        )
