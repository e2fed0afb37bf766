"""An outlier detection that may eject none of the pods there are.

`maxEjectionPercent` is a limit: Envoy ejects an endpoint only if the share of ejected ones is not above it then.
Where nobody sets it, it is 10, so that of fewer than ten endpoints none is ever ejected, however often it
fails. Up to Istio 1.19 the first was ejected all the same; Envoy 1.28 (Istio 1.20) keeps to the limit
(<https://www.envoyproxy.io/docs/envoy/latest/version_history/v1.28/v1.28.0>; `ejectHost` in
`source/common/upstream/outlier_detection_impl.cc`). `always_eject_one_host` would allow one, but istiod does not set it
(`applyOutlierDetection` in `pilot/pkg/networking/core/cluster_traffic_policy.go`).

Said where the files fix the number of pods: each workload of the host names its `replicas`, and no autoscaler of
the input changes them. One pod is ML344. What a detection is also for, failover between localities, goes by what is
ejected, and by pods that are not ready, which needs no detection to be seen.

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
    outlierDetection:  # ML353
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
    outlierDetection:
      consecutive5xxErrors: 5
      maxEjectionPercent: 34
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule

from ._replicas import fixed_pods

_DEFAULT = 10
"""Envoy's `max_ejection_percent`, where istiod sets none."""


@rule("ML353", "nothing-to-eject", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    policy = destination_rule.spec.traffic_policy if destination_rule.spec else None
    detection = policy.outlier_detection if policy else None
    if detection is None:
        return
    percent = detection.max_ejection_percent or _DEFAULT
    pods = fixed_pods(destination_rule, mesh) if 0 < percent < 100 else None
    if pods is None or pods.total < 2 or percent * pods.total >= 100:
        return
    limit = (
        f"`maxEjectionPercent` is {percent}"
        if detection.max_ejection_percent
        else f"the limit is {_DEFAULT} % by default"
    )
    place = at(destination_rule, detection, "max_ejection_percent")
    yield finding(
        place if detection.max_ejection_percent else at(destination_rule, policy, "outlier_detection").key(),
        f"no pod is ever ejected: one of {pods.total} is {100 / pods.total:.3g} % of them, and {limit}",
        help=f"set `maxEjectionPercent` to {-(-100 // pods.total)} or more, or remove the outlier detection",
        related=[(at(pod.resource, None, "spec", "replicas"), "pods of the host") for pod in pods.workloads[:3]],
    )
