"""Access logging that goes nowhere.

Where neither the Telemetry nor mesh config (`defaultProviders.accessLogging`) names a provider, istiod
has nowhere to send the logs, and the entry does nothing
(https://istio.io/latest/docs/tasks/observability/logs/telemetry-api/).

Reported where the files, or `--mesh-config`, show the mesh config; with `--scope complete` always. An
entry that switches logs off, or a Telemetry of a wider scope that names a provider, is fine.

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    accessLogFile: ""
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: logs
  namespace: shop
spec:
  accessLogging:
  - match:  # ML834
      mode: SERVER
```

### Good

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    accessLogFile: ""
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: logs
  namespace: shop
spec:
  accessLogging:
  - match:
      mode: SERVER
    providers:
    - name: envoy
```
"""

from meshlint.api import Findings, Mesh, Severity, Telemetry, at, finding, rule
from meshlint.mesh.context import Scope


@rule("ML834", "log-without-provider", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0157",))
def check(telemetry: Telemetry, mesh: Mesh) -> Findings:
    entries = (telemetry.spec.access_logging if telemetry.spec else None) or ()
    if not any(entry.providers is None and not entry.disabled for entry in entries) or _has_default(mesh):
        return
    for entry in entries:
        if not entry.providers and not entry.disabled and not mesh.providers.logs_above(telemetry):
            yield finding(
                at(telemetry, entry),
                "no provider is named here or in mesh config (`defaultProviders.accessLogging`): nothing is logged",
                help="add `providers: [{name: envoy}]`, or a default to mesh config",
            )


def _has_default(mesh: Mesh) -> bool:
    """Whether mesh config names providers, or may do so where no file shows it."""
    if mesh.settings.mixed or (not mesh.settings.is_known and mesh.context.scope is not Scope.COMPLETE):
        return True
    default = mesh.settings.default_providers
    return bool(default and default.access_logging)
