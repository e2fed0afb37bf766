"""Containers that may start before their proxy does.

All containers of a pod start together. Until the proxy is ready the application has no network: calls
at start-up fail. `holdApplicationUntilProxyStarts` makes them wait; a proxy that runs as a native sidecar
starts first by itself (<https://istio.io/latest/docs/ops/common-problems/injection/#pod-or-containers-start-with-network-issues-if-istio-proxy-is-not-ready>).

Off by default: many applications try again.

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # ML351
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, sidecar.istio.io/inject: "true"}}
    spec: {containers: [{name: web, image: web}]}
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web, sidecar.istio.io/inject: "true"}
      annotations:
        proxy.istio.io/config: "holdApplicationUntilProxyStarts: true"
    spec: {containers: [{name: web, image: web}]}
```
"""

from meshlint.api import Answer, Deployment, Findings, Mesh, Severity, StatefulSet, at, finding, rule
from meshlint.model.annotations import PROXY_CONFIG

_HELD = "holdApplicationUntilProxyStarts"
_NATIVE = "sidecar.istio.io/nativeSidecar"


@rule("ML351", "start-before-proxy", severity=Severity.INFO, since="0.1.0", default=False)
def check(controller: Deployment | StatefulSet, mesh: Mesh) -> Findings:
    if mesh.settings.holds_application or (mesh.settings.environment("ENABLE_NATIVE_SIDECARS") or "").lower() == "true":
        return
    for workload in mesh.workloads.of_resource(controller):
        is_held = _HELD in workload.annotations.get(PROXY_CONFIG, "") or workload.annotations.get(_NATIVE) == "true"
        if not is_held and mesh.injection.sidecar(workload) is Answer.YES:
            yield finding(
                at(controller),
                "the application may start before its proxy is ready, and has no network until then",
                help="set `holdApplicationUntilProxyStarts: true` in `proxy.istio.io/config`, or for the mesh",
            )
            return
