"""An outlier detection that may eject every endpoint.

With `maxEjectionPercent: 100` a fault that all endpoints share for a moment (a database restarts)
takes all of them out, and clients get 503 (`UH`, no healthy upstream) for `baseEjectionTime`, also
after the fault is gone. Envoy's remedy, the panic threshold, is off in Istio unless
`minHealthPercent` is set
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection>,
<https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/panic_threshold>).

Not said where failover to another locality is set: there all endpoints of one are meant to be left.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 5
      maxEjectionPercent: 100  # ML331
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 5
      maxEjectionPercent: 50
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ratings, namespace: shop}
spec:
  host: ratings
  trafficPolicy:
    outlierDetection:
      consecutive5xxErrors: 5
      maxEjectionPercent: 100
      minHealthPercent: 30
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule
from meshlint.model.networking.traffic_policy import LoadBalancerSettings


@rule("ML331", "all-endpoints-ejectable", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule) -> Findings:
    for policy in destination_rule.policies():
        detection = policy.outlier_detection
        if detection is None or (detection.max_ejection_percent or 0) < 100 or detection.min_health_percent:
            continue
        if not _fails_over(policy.load_balancer):
            yield finding(
                at(destination_rule, detection, "max_ejection_percent"),
                "every endpoint may be ejected at once, and then all requests get 503 until `baseEjectionTime` is over",
                help="lower `maxEjectionPercent`, or set `minHealthPercent` to use all endpoints again below it",
            )


def _fails_over(balancer: LoadBalancerSettings | None) -> bool:
    settings = (balancer.locality_lb_setting, balancer.zone_aware_lb_setting) if balancer else ()
    return any(setting is not None and (setting.failover or setting.failover_priority) for setting in settings)
