"""An outlier detection that also switches load balancing by locality on.

Locality load balancing is on in every mesh, but does nothing until a host has an outlier detection:
then clients prefer the endpoints of their own zone. With few endpoints in some zones these get more
than their share
(<https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/>,
<https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting>).

Off by default: mostly it is welcome.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection:  # ML350
      consecutive5xxErrors: 5
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: {consecutive5xxErrors: 5}
    loadBalancer:
      localityLbSetting: {enabled: false}
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule

from ._policies import policies


@rule("ML350", "detection-turns-on-failover", severity=Severity.INFO, since="0.1.0", default=False)
def check(destination_rule: DestinationRule) -> Findings:
    for policy in policies(destination_rule):
        setting = policy.load_balancer.locality_lb_setting if policy.load_balancer else None
        if policy.outlier_detection is not None and setting is None:
            yield finding(
                at(destination_rule, policy, "outlier_detection").key(),
                "clients prefer endpoints of their own zone from now on, whether or not these can carry the load",
                help="say what is meant: `localityLbSetting: {enabled: true}` or `{enabled: false}`",
            )
