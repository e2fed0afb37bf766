"""Pods with a proxy that stop without letting requests run out.

When a pod ends, its proxy gives open connections `terminationDrainDuration` (5 s by default), while
others still send it new requests until they hear of its end. Without a `preStop` pause in the
application, or a proxy that exits only when no connection is left
(`EXIT_ON_ZERO_ACTIVE_CONNECTIONS`), rolling updates show as bursts of 503
(<https://istio.io/latest/docs/reference/commands/pilot-agent/#envvars>, istio/istio issues 7136 and 11682).

Off by default: it depends on the application.

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}  # ML349
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, sidecar.istio.io/inject: "true"}}
    spec:
      containers:
      - {name: web, image: web}
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
        proxy.istio.io/config: |
          proxyMetadata: {EXIT_ON_ZERO_ACTIVE_CONNECTIONS: "true"}
    spec:
      containers:
      - {name: web, image: web}
```
"""

from meshlint.api import Answer, Deployment, Findings, Mesh, Severity, at, finding, rule
from meshlint.model.annotations import PROXY_CONFIG
from meshlint.model.kubernetes.pod import Container

_WORDS = ("EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "terminationDrainDuration")


@rule("ML349", "abrupt-shutdown", severity=Severity.INFO, since="0.1.0", default=False)
def check(deployment: Deployment, mesh: Mesh) -> Findings:
    if mesh.settings.proxy_metadata.get("EXIT_ON_ZERO_ACTIVE_CONNECTIONS"):
        return
    for workload in mesh.workloads.of_resource(deployment):
        if mesh.injection.sidecar(workload) is not Answer.YES or mesh.injection.gateway(workload) is Answer.YES:
            continue
        written = workload.annotations.get(PROXY_CONFIG, "")
        if any(word in written for word in _WORDS) or any(_pauses(item) for item in workload.containers):
            continue
        yield finding(
            at(deployment),
            "requests that arrive while a pod ends may get 503: neither the application nor the proxy waits",
            help="set `EXIT_ON_ZERO_ACTIVE_CONNECTIONS` in `proxy.istio.io/config`, or a `preStop` pause",
        )
        return


def _pauses(container: Container) -> bool:
    return container.lifecycle is not None and container.lifecycle.pre_stop is not None
