"""A distribution between localities that leaves the client's own one out.

`distribute` names the localities that the traffic of one goes to; a locality that is not named gets
none of it, also where it is the only one alive: then clients get 503
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting-Distribute>, `to`).

Off by default: it may be meant.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: {}
    loadBalancer:
      localityLbSetting:
        distribute:
        - from: eu/west/*
          to:  # ML348
            eu/east/*: 100
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    outlierDetection: {}
    loadBalancer:
      localityLbSetting:
        distribute:
        - from: eu/west/*
          to: {eu/west/*: 90, eu/east/*: 10}
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule


@rule("ML348", "locality-without-traffic", severity=Severity.INFO, since="0.1.0", default=False)
def check(destination_rule: DestinationRule) -> Findings:
    for policy in destination_rule.policies():
        setting = policy.load_balancer.locality_lb_setting if policy.load_balancer else None
        for entry in (setting.distribute if setting else None) or ():
            if entry.from_ and entry.to and not any(_meet(entry.from_, name) for name in entry.to):
                yield finding(
                    at(destination_rule, entry, "to").key(),
                    f"clients in `{entry.from_}` send nothing to their own locality, also where no other is alive",
                    help=f"add `{entry.from_}` with a share",
                )


def _meet(one: str, other: str) -> bool:
    """Whether two localities may be the same: equal, or one covers the other."""
    if "*" in {one, other}:
        return True
    parts = list(zip(one.split("/"), other.split("/"), strict=False))
    return all(left == right or "*" in {left, right} for left, right in parts)
