"""Localities of `distribute` of which one covers another.

istiod reads the targets of `distribute` in random order. Where it meets the wider one first
(`us-east1/*`) it refuses the DestinationRule because of the narrower (`us-east1/a`), and the other
way round it takes it: the same file is accepted one time and refused the next. (`validateLocalities`
in `pkg/config/validation/agent`.) What is refused in any order is
[invalid-destination-rule](ML111.md).

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
        distribute:
        - from: us-east1/a
          to:
            us-east1/a: 70
            us-east1/*: 30  # ML321
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
        distribute:
        - from: us-east1/a
          to:
            us-east1/a: 70
            us-east1/b: 30
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule


@rule("ML321", "overlapping-localities", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule) -> Findings:
    for policy in destination_rule.policies():
        setting = policy.load_balancer and policy.load_balancer.locality_lb_setting
        for distribute in (setting and setting.distribute) or ():
            names = list(distribute.to or ())
            for wide in names:
                narrow = next((name for name in names if name != wide and _covers(wide, name)), None)
                if narrow is not None:
                    yield finding(
                        at(destination_rule, distribute, "to", wide).key(),
                        f"`{wide}` covers `{narrow}`: istiod refuses this DestinationRule in one order of the two, "
                        "takes it in the other, and reads them in random order",
                        help="name localities that do not overlap",
                    )


def _covers(wide: str, name: str) -> bool:
    """Whether a locality with a wildcard as last part holds another."""
    return wide == "*" or (wide.endswith("/*") and name.startswith(wide[:-1]))
