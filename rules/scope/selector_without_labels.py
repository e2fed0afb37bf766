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

from meshlint.api import (
    AuthorizationPolicy,
    DestinationRule,
    EnvoyFilter,
    Findings,
    PeerAuthentication,
    ProxyConfig,
    RequestAuthentication,
    Resource,
    ServiceEntry,
    Severity,
    Sidecar,
    Telemetry,
    TrafficExtension,
    WasmPlugin,
    at,
    finding,
    rule,
)
from meshlint.model.selection import LabelsSelector, WorkloadSelector

_Policy = AuthorizationPolicy | PeerAuthentication | RequestAuthentication | Telemetry | WasmPlugin | TrafficExtension


@rule("ML710", "selector-without-labels", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(resource: DestinationRule | EnvoyFilter | ServiceEntry | Sidecar | _Policy | ProxyConfig) -> Findings:
    if resource.spec is None:
        return
    if isinstance(resource, DestinationRule | EnvoyFilter | ServiceEntry | Sidecar):
        yield from _empty(resource, resource.spec.workload_selector, "workloadSelector")
    else:
        yield from _empty(resource, resource.spec.selector, "selector")


def _empty(resource: Resource, selector: WorkloadSelector | LabelsSelector | None, field: str) -> Findings:
    if selector is not None and not selector.wanted:
        yield finding(
            at(resource, selector),
            f"the selector has no labels, so the {resource.kind} is about every workload of its namespace",
            help=f"write the labels of the workloads that are meant, or leave `{field}` out",
        )
