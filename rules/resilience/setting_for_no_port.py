"""Settings for a port that cannot exist.

istiod does not look at the number in `portLevelSettings`: with 0, which is also the number of an
empty `port`, or with more than 65535 the entry is accepted and never in force
(`validatePortTrafficPolicies` in `pkg/config/validation`).

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
    portLevelSettings:
    - port: {number: 99080}  # ML322
      connectionPool:
        tcp: {maxConnections: 100}
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
    portLevelSettings:
    - port: {number: 9080}
      connectionPool:
        tcp: {maxConnections: 100}
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule
from meshlint.values.numbers import port


@rule("ML322", "setting-for-no-port", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule) -> Findings:
    for policy in destination_rule.traffic_policies():
        for setting in policy.port_level_settings or ():
            number = setting.port.number or 0 if setting.port else None
            if number is not None and port(number):
                yield finding(
                    at(destination_rule, setting, "port", "number"),
                    f"no service has port {number}, so this setting is never in force",
                    help="write a `port` of the Service, from 1 to 65535",
                )
