"""A proxy with `image: auto` in pods that are not injected.

`auto` is no image: the injector is to replace it. Where the injector is not called, the kubelet tries to
pull `auto`, and the gateway never starts
(https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway).

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
      sidecar.istio.io/inject: "false"
  template:
    metadata:
      labels:
        istio: edge-gateway
        sidecar.istio.io/inject: "false"
    spec:
      containers:
      - name: istio-proxy
        image: auto  # ML623
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
      sidecar.istio.io/inject: "true"
  template:
    metadata:
      labels:
        istio: edge-gateway
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: istio-proxy
        image: auto
```
"""

from meshlint.api import Answer, Findings, Mesh, Severity, Workload, at, finding, rule
from meshlint.mesh.injection import PROXY


@rule(
    "ML623",
    "auto-image-without-injection",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0146", "IST0147"),
)
def check(resource: Workload, mesh: Mesh) -> Findings:
    for workload in mesh.workloads.of_resource(resource):
        for container in workload.containers:
            if container.name != PROXY or container.image != "auto":
                continue
            state = mesh.injection.state(workload)
            if state.sidecar is Answer.NO:
                yield finding(
                    at(resource, container, "image"),
                    f"these pods are not injected because of {state.reason}: "
                    "nothing replaces the image `auto`, and they never start",
                    help='write the label `sidecar.istio.io/inject: "true"` on the pods',
                    equivalents=("IST0147",) if workload.kind == "Pod" else ("IST0146",),
                )
                return
