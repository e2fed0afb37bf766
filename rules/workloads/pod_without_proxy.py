"""A running pod without proxy in a namespace that is injected.

The pod was there before the label of the namespace, or the injector did not work when it was made. It
speaks no mTLS, and no policy holds for it (https://istio.io/latest/docs/reference/config/analysis/ist0103/).

Said of Pods only, and only with `--scope complete`, which is for what was read from a cluster: a manifest
of a pod has no proxy by design, since the injector adds it.

### Bad

```yaml options="--scope complete"
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: Pod
metadata:
  name: debug  # ML622
  namespace: shop
  labels:
    app: debug
spec:
  containers:
  - name: debug
    image: registry.example/debug:1.0
```

### Good

```yaml options="--scope complete"
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: Pod
metadata:
  name: debug
  namespace: shop
  labels:
    sidecar.istio.io/inject: "false"
spec:
  containers:
  - name: debug
    image: registry.example/debug:1.0
```
"""

from meshlint.api import Answer, Findings, Mesh, Pod, Severity, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.injection import INJECTION, PROXY


@rule("ML622", "pod-without-proxy", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0103",))
def check(pod: Pod, mesh: Mesh) -> Findings:
    if mesh.context.scope is not Scope.COMPLETE or pod.spec is None:
        return
    if any(item.name == PROXY and item.image for item in pod.spec.all_containers()):
        return
    for workload in mesh.workloads.of_resource(pod):
        state = mesh.injection.state(workload)
        if state.sidecar is Answer.YES and state.decided_by is not None and INJECTION in state.decided_by.labels:
            yield finding(
                at(pod),
                f"pod `{pod.name}` has no proxy, although its namespace `{workload.namespace}` is injected",
                help="restart it, so that it is made again with a proxy",
                related=[(at(state.decided_by), "the namespace is injected")],
            )
