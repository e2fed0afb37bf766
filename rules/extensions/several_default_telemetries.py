"""Several Telemetries without selector in one namespace.

A Telemetry without `selector` is the default of its namespace, in the root namespace of the mesh. There
can be one: istiod takes the oldest and drops the others
(https://istio.io/latest/docs/tasks/observability/telemetry/#scopes-inheritance-and-overrides).

Telemetries with `targetRefs` are attached to something of their own and do not count;
`istioctl analyze` counts them.

### Bad

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing  # ML833
  namespace: shop
spec:
  tracing:
  - randomSamplingPercentage: 10
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: logs  # ML833
  namespace: shop
spec:
  accessLogging:
  - providers:
    - name: envoy
```

### Good

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  tracing:
  - randomSamplingPercentage: 10
  accessLogging:
  - providers:
    - name: envoy
```
"""

from meshlint.api import Findings, Mesh, Severity, Telemetry, at, finding, rule


@rule("ML833", "several-default-telemetries", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0160",))
def check(telemetry: Telemetry, mesh: Mesh) -> Findings:
    rivals = mesh.selections.defaults(telemetry)
    if rivals:
        yield finding(
            at(telemetry),
            f"{rivals.names} {'is' if rivals.single else 'are'} also for the whole namespace "
            f"`{mesh.namespace(telemetry)}`: istiod takes the oldest Telemetry and drops the others",
            help="keep one Telemetry without selector, or let the others select pods",
            related=rivals.places("this Telemetry has no selector either"),
        )
