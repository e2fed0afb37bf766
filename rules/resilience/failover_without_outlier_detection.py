"""Failover between localities without an outlier detection.

A proxy leaves its own locality only when endpoints there are ejected, and it is the outlier
detection that ejects them. Without one, istiod leaves the failover out and warns for the policy of
the host; for ports and subsets it is silent, but the same holds. (`ValidateLocalityLbSetting` in
`pkg/config/validation/agent`; `failover` in
<https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting>.)

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        failover:  # ML320
        - {from: us-east1, to: us-west1}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy:
    loadBalancer:
      localityLbSetting:
        failover:
        - {from: us-east1, to: us-west1}
    outlierDetection:
      consecutive5xxErrors: 5
      baseEjectionTime: 30s
```
"""

from collections.abc import Iterator

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule
from meshlint.model.networking.traffic_policy import LoadBalancerSettings, TrafficPolicy


@rule("ML320", "failover-without-outlier-detection", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(destination_rule: DestinationRule) -> Findings:
    top = destination_rule.spec.traffic_policy if destination_rule.spec else None
    for balancer in _without_detection(destination_rule):
        is_warned = top is not None and balancer is top.load_balancer
        for setting in (balancer.locality_lb_setting, balancer.zone_aware_lb_setting):
            if setting is None or not (setting.failover or setting.failover_priority):
                continue
            yield finding(
                at(destination_rule, setting, "failover" if setting.failover else "failover_priority"),
                "there is no `outlierDetection`, so endpoints are never ejected and the failover is never in force",
                help="add `outlierDetection` to the same policy, such as `outlierDetection: {consecutive5xxErrors: 5}`",
                equivalents=None if is_warned else (),
            )


def _without_detection(destination_rule: DestinationRule) -> Iterator[LoadBalancerSettings]:
    """Load balancers of policies that have no outlier detection, neither their own nor one of a policy above."""
    spec = destination_rule.spec
    top = spec.traffic_policy if spec else None
    if top is not None:
        yield from _of(top)
    if top is None or top.outlier_detection is None:
        for subset in destination_rule.subsets:
            if subset.traffic_policy is not None:
                yield from _of(subset.traffic_policy)


def _of(policy: TrafficPolicy) -> Iterator[LoadBalancerSettings]:
    if policy.outlier_detection is not None:
        return
    for part in policy.parts():
        if part.load_balancer is not None and part.outlier_detection is None:
            yield part.load_balancer
