"""An outlier detection for a service that has one pod.

An outlier detection takes failing endpoints out, for others to take over; here are none. With
`maxEjectionPercent: 100` the only endpoint is ejected, and clients get 503 (`UH`) for
`baseEjectionTime` instead of its errors. With less, Envoy 1.31 (Istio 1.23) and later eject nothing, since
one endpoint is 100 % of all; earlier ones eject it all the same
(<https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier#ejection-algorithm>;
`always_eject_one_host`, which istiod does not set, came with Envoy 1.31).

Said where the input shows all pods of the host: one workload with `replicas: 1`, and no autoscaler
for it.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: reviews}}
  template:
    metadata: {labels: {app: reviews}}
    spec: {containers: [{name: reviews, image: reviews}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:  # ML344
      consecutive5xxErrors: 5
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: reviews}}
  template:
    metadata: {labels: {app: reviews}}
    spec: {containers: [{name: reviews, image: reviews}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: {consecutive5xxErrors: 5}
```
"""

from collections.abc import Mapping
from functools import lru_cache

from meshlint.api import Deployment, DestinationRule, Findings, Mesh, Service, Severity, StatefulSet, at, finding, rule
from meshlint.mesh.workloads import Workload
from meshlint.model.base import Generic
from meshlint.model.networking.traffic_policy import OutlierDetection


@rule("ML344", "outlier-detection-of-one", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    detection = spec.traffic_policy.outlier_detection if spec and spec.traffic_policy else None
    if spec is None or not spec.host or detection is None or detection.min_health_percent:
        return
    home = mesh.namespace(destination_rule)
    pods: list[Workload] = []
    for service in mesh.hosts.services(spec.host, home):
        if not isinstance(service, Service):
            return
        pods += mesh.services.workloads(service)
    if len(pods) != 1 or not mesh.workloads.readable(pods[0].namespace) or not _is_one(mesh, pods[0]):
        return
    yield finding(
        at(destination_rule, spec.traffic_policy, "outlier_detection").key(),
        f"{pods[0].kind} `{pods[0].name}` has one pod: {_effect(detection)}",
        help="run two replicas or more (and let `maxEjectionPercent` take in one of them), or remove the outlier detection",
        related=[(at(pods[0].resource, None, "spec", "replicas"), "one replica")],
    )


def _effect(detection: OutlierDetection) -> str:
    if (detection.max_ejection_percent or 0) >= 100:
        return "once it is ejected, all requests get 503 until `baseEjectionTime` is over"
    return "nothing can be ejected without exceeding `maxEjectionPercent`, so that the detection does nothing"


def _is_one(mesh: Mesh, pod: Workload) -> bool:
    """Whether a workload says itself that it has one pod, and nothing scales it."""
    resource = pod.resource
    if not isinstance(resource, Deployment | StatefulSet) or resource.spec is None or resource.spec.replicas != 1:
        return False
    if mesh.is_patched(resource) or ("spec", "replicas") in mesh.patched(resource):
        return False
    return (pod.namespace, resource.kind, resource.name) not in _scaled(mesh)


@lru_cache(maxsize=1)  # one mesh at a time
def _scaled(mesh: Mesh) -> Mapping[tuple[str, str, str], bool]:
    """What autoscalers of the input scale."""
    found = {}
    for item in mesh.all(Generic):
        if item.kind in {"HorizontalPodAutoscaler", "ScaledObject"} and isinstance(item.content, dict):
            spec = item.content.get("spec")
            target = spec.get("scaleTargetRef") if isinstance(spec, dict) else None
            if isinstance(target, dict):
                found[mesh.namespace(item), str(target.get("kind") or "Deployment"), str(target.get("name"))] = True
    return found
