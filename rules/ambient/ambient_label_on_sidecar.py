"""Pods labelled for ambient mode that get a sidecar.

Where both are asked for, the sidecar wins: ztunnel leaves pods with a sidecar alone, and the label
`istio.io/dataplane-mode: ambient` of the pods does nothing
(https://istio.io/latest/docs/ambient/usage/add-workloads/).

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
        istio.io/dataplane-mode: ambient  # ML904
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
        istio.io/dataplane-mode: ambient
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Answer, Findings, Mesh, Place, Severity, at, finding, rule

if TYPE_CHECKING:
    from meshlint.mesh.workloads import Workload


@rule("ML904", "ambient-label-on-sidecar", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA1311",))
def check(mesh: Mesh) -> Findings:
    if not mesh.runs_anything:
        return
    from meshlint.mesh.injection import DATAPLANE_MODE

    for workload in mesh.workloads.all:
        if workload.is_machine or workload.labels.get(DATAPLANE_MODE) != "ambient":
            continue
        state = mesh.injection.state(workload)
        if state.sidecar is Answer.YES and not mesh.is_patched(workload.resource):
            yield finding(
                _place(workload, DATAPLANE_MODE),
                f"`{workload.name}` gets a sidecar because of {state.reason}, so that this label does nothing",
                help='remove the label, or write `sidecar.istio.io/inject: "false"` beside it',
            )


def _place(workload: "Workload", label: str) -> Place:
    """The label; the resource alone where the template is another's (a Rollout with `workloadRef`)."""
    template = getattr(workload.resource, "pod_template", None)
    if template is not workload.template:
        return at(workload.resource)
    return at(workload.resource, template, "metadata", "labels", label)
