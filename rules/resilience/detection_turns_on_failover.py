"""An outlier detection that also switches load balancing by locality on.

Locality load balancing is on in every mesh, but does nothing until a host has an outlier detection:
then clients prefer the endpoints of their own zone. With few endpoints in some zones these get more
than their share
(<https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/>,
<https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting>).

Silent where mesh config switches it off (`localityLbSetting: {enabled: false}`). Off by default: mostly it
is welcome.

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

from collections.abc import Iterator

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule
from meshlint.model.networking.traffic_policy import LoadBalancerSettings, PortTrafficPolicy, TrafficPolicy


@rule("ML350", "detection-turns-on-failover", severity=Severity.INFO, since="0.1.0", default=False)
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    if _is_off(mesh):
        return
    for policy, balancer in _balanced(destination_rule):
        said = balancer and (balancer.locality_lb_setting or balancer.zone_aware_lb_setting)
        if policy.outlier_detection is not None and not said:
            yield finding(
                at(destination_rule, policy, "outlier_detection").key(),
                "clients prefer endpoints of their own zone from now on, whether or not these can carry the load",
                help="say what is meant: `localityLbSetting: {enabled: true}` or `{enabled: false}`",
            )


def _balanced(
    destination_rule: DestinationRule,
) -> Iterator[tuple[TrafficPolicy | PortTrafficPolicy, LoadBalancerSettings | None]]:
    """Each policy with the load balancer in force: a subset inherits the host's, an entry for a port does not."""
    top = destination_rule.spec.traffic_policy if destination_rule.spec else None
    for policy in destination_rule.traffic_policies():
        yield policy, policy.load_balancer or (top.load_balancer if top else None)
        for entry in policy.port_level_settings or ():
            yield entry, entry.load_balancer


def _is_off(mesh: Mesh) -> bool:
    """Whether mesh config says that localities do not count."""
    settings = (config.locality_lb_setting for config in mesh.settings.configs)
    return any(setting is not None and setting.enabled is False for setting in settings)
