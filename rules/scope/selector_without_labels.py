"""A `workloadSelector` without labels, which selects every workload.

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

from meshlint.api import DestinationRule, EnvoyFilter, Findings, ServiceEntry, Severity, Sidecar, at, finding, rule


@rule("ML710", "selector-without-labels", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(resource: DestinationRule | EnvoyFilter | ServiceEntry | Sidecar) -> Findings:
    selector = resource.spec.workload_selector if resource.spec else None
    if selector is not None and not selector.wanted:
        yield finding(
            at(resource, selector),
            f"the selector has no labels, so the {resource.kind} is about every workload of its namespace",
            help="write the labels of the workloads that are meant, or leave `workloadSelector` out",
        )
