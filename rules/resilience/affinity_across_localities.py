"""Session affinity beside load balancing by locality.

`consistentHash` keeps a session on one endpoint as long as all client proxies see the same
endpoints. Load balancing by locality shows each proxy those near to it first, so that one session
reaches different endpoints through proxies in different zones. Locality load balancing is on by
default as soon as there is an `outlierDetection`
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#LoadBalancerSettings-ConsistentHashLB>,
<https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting>).

Where all pods run in one zone there is nothing to do. Not said where the policy or the mesh config
switches locality load balancing off.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    loadBalancer:
      consistentHash:  # ML333
        httpHeaderName: x-session
    outlierDetection: {consecutive5xxErrors: 5}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    loadBalancer:
      consistentHash: {httpHeaderName: x-session}
      localityLbSetting: {enabled: false}
    outlierDetection: {consecutive5xxErrors: 5}
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule


@rule("ML333", "affinity-across-localities", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    for policy in destination_rule.policies():
        balancer = policy.load_balancer
        if balancer is None or balancer.consistent_hash is None or policy.outlier_detection is None:
            continue
        setting = balancer.locality_lb_setting
        if (setting is not None and setting.enabled is False) or (setting is None and _is_off(mesh)):
            continue
        yield finding(
            at(destination_rule, balancer, "consistent_hash").key(),
            "proxies in different zones prefer different endpoints, so that a session does not stay on one",
            help="add `localityLbSetting: {enabled: false}` to this `loadBalancer` if clients run in several zones",
            related=[
                (
                    at(destination_rule, policy, "outlier_detection").key(),
                    "switches load balancing by locality on",
                )
            ],
        )


def _is_off(mesh: Mesh) -> bool:
    """Whether some mesh config switches load balancing by locality off for all hosts."""
    written = (config.locality_lb_setting for config in mesh.settings.configs)
    return any(setting is not None and setting.enabled is False for setting in written)
