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
| `traffic.sidecar.istio.io/excludeInterfaces`, `kubevirtInterfaces`, `istio.io/reroute-virtual-interfaces` | an-interfaces: names of up to 15 characters |
| `prometheus.istio.io/merge-metrics` | an-merge-metrics: a boolean |
| `sidecar.istio.io/proxyCPU`, `proxyMemory`, `proxyCPULimit`, `proxyMemoryLimit` | an-resources: quantities of Kubernetes |
| `proxy.istio.io/config` | an-proxy-config: a mapping in YAML; the rows px-* of ML125 |

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

from meshlint.api import Findings, Severity, Target, Workload, at, finding, rule
from meshlint.model.kubernetes.pod import Pod, PodTemplateSpec

from ._pod_annotations import annotations

_INJECT = "sidecar.istio.io/inject"
_YES = frozenset({"y", "yes", "true", "on"})


@rule("ML128", "invalid-pod-annotation", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0125",))
def check(workload: Workload, target: Target) -> Findings:
    template = workload.pod_template
    if template is None or not template.annotations or _is_left_out(template):
        return
    holder = None if template is workload else template
    for found in annotations(holder, template.annotations, target):
        message = found.message.replace("istiod refuses", "the injector refuses", 1)
        yield finding(at(workload, found.holder, *found.path), f"{message}: no pod is created", help=found.help)


def _is_left_out(template: Pod | PodTemplateSpec) -> bool:
    """Whether the pod says itself that it is not injected: by label, by annotation, or since it is on the host's network."""
    spec = template.spec
    if spec is not None and spec.host_network:
        return True
    said = template.labels.get(_INJECT, template.annotations.get(_INJECT))
    return said is not None and said.lower() not in _YES
