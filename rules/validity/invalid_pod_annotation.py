"""An annotation for which the sidecar injector refuses a pod.

The injector checks these annotations when it adds the sidecar. Where one is wrong, the pod is not
created: the ReplicaSet reports `FailedCreate`, and an update does not get on. The checks are those of
`pkg/kube/inject/validate.go` of istio/istio. Pods that are not injected by what they say themselves
are left alone.

| annotation | rows |
|---|---|
| `sidecar.istio.io/interceptionMode` | an-interception: REDIRECT, TPROXY, NONE |
| `status.sidecar.istio.io/port` | an-status-port: 0 to 65535 |
| `readiness.status.sidecar.istio.io/initialDelaySeconds`, `periodSeconds`, `failureThreshold` | an-readiness: whole numbers |
| `traffic.sidecar.istio.io/includeOutboundIPRanges`, `excludeOutboundIPRanges` | an-incl-out-ip, an-excl-out-ip: ranges, the first also `*` |
| `traffic.sidecar.istio.io/includeInboundPorts`, `excludeInboundPorts`, `excludeOutboundPorts` | an-incl-in-ports, an-excl-ports: ports, the first also `*` |
| `traffic.sidecar.istio.io/excludeInterfaces`, `kubevirtInterfaces`, `istio.io/reroute-virtual-interfaces` | an-interfaces: names of up to 15 characters (1.30) |
| `prometheus.istio.io/merge-metrics` | an-merge-metrics: a boolean |
| `sidecar.istio.io/proxyCPU`, `proxyMemory`, `proxyCPULimit`, `proxyMemoryLimit` | an-resources: quantities of Kubernetes; before 1.29 the pod itself could not be read |
| `proxy.istio.io/config` | an-proxy-config: a mapping in YAML; the rows px-* of ML125. What it misspells is reported by ML141 |

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews}
      annotations:
        sidecar.istio.io/proxyCPU: 100 m  # ML128
        traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.1  # ML128
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews}
      annotations:
        sidecar.istio.io/proxyCPU: 100m
        traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.1/32
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```
"""

from meshlint.api import Findings, Severity, Target, Workload, rule
from meshlint.model.kubernetes.pod import keeps_proxy_out

from ._pod_annotations import annotations, are_of_injector


@rule("ML128", "invalid-pod-annotation", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0125",))
def check(workload: Workload, target: Target) -> Findings:
    template = workload.pod_template
    if template is None or not are_of_injector(template.annotations):
        return
    on_host = bool(template.spec and template.spec.host_network)
    if not keeps_proxy_out(template.labels, template.annotations, on_host=on_host):
        holder = None if template is workload else template
        yield from annotations(workload, holder, template.annotations, target)
