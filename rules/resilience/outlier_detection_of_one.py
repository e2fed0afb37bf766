"""An outlier detection for a service that has one pod.

An outlier detection takes failing endpoints out, for others to take over; here are none. With
`maxEjectionPercent: 100` the only endpoint is ejected, and clients get 503 (`UH`) for
`baseEjectionTime` instead of its errors. With less, Envoy ejects nothing, since one endpoint is 100 % of
all. That is so since Envoy 1.28 (Istio 1.20), which asks whether the percentage still holds once the endpoint is
ejected (<https://www.envoyproxy.io/docs/envoy/latest/version_history/v1.28/v1.28.0>); the way back,
`always_eject_one_host` of Envoy 1.31, istiod does not set. For more pods, of which none may be ejected, see ML353.

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
    outlierDetection: {consecutive5xxErrors: 5, maxEjectionPercent: 34}
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule
from meshlint.model.networking.traffic_policy import OutlierDetection

from ._replicas import fixed_pods


@rule("ML344", "outlier-detection-of-one", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    detection = spec.traffic_policy.outlier_detection if spec and spec.traffic_policy else None
    if spec is None or detection is None or detection.min_health_percent:
        return
    pods = fixed_pods(destination_rule, mesh)
    if pods is None or pods.total != 1:
        return
    workload = pods.workloads[0]
    yield finding(
        at(destination_rule, spec.traffic_policy, "outlier_detection").key(),
        f"{workload.kind} `{workload.name}` has one pod: {_effect(detection)}",
        help="run two replicas or more (and let `maxEjectionPercent` take in one of them), or remove the outlier detection",
        related=[(at(workload.resource, None, "spec", "replicas"), "one replica")],
    )


def _effect(detection: OutlierDetection) -> str:
    if (detection.max_ejection_percent or 0) >= 100:
        return "once it is ejected, all requests get 503 until `baseEjectionTime` is over"
    return "nothing can be ejected without exceeding `maxEjectionPercent`, so that the detection does nothing"
