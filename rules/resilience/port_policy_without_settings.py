"""Settings for a port that silently switch off those of the whole policy.

An entry of `portLevelSettings` replaces the policy it stands in for its port, as a whole: nothing is
inherited from beside it. A policy with TLS, a pool and an outlier detection, and an entry for port 80
that only sets the load balancer, leaves port 80 without TLS, pool and outlier detection
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy-PortTrafficPolicy>,
`MergeSubsetTrafficPolicy` in `pilot/pkg/networking/util/util.go`).

TLS in mode ISTIO_MUTUAL is not counted: auto mTLS brings it back.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: api.bank.example
  trafficPolicy:
    tls: {mode: SIMPLE}
    outlierDetection: {consecutive5xxErrors: 5}
    portLevelSettings:
    - port:  # ML330
        number: 8443
      loadBalancer: {simple: ROUND_ROBIN}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: api.bank.example
  trafficPolicy:
    tls: {mode: SIMPLE}
    outlierDetection: {consecutive5xxErrors: 5}
    portLevelSettings:
    - port: {number: 8443}
      tls: {mode: SIMPLE}
      outlierDetection: {consecutive5xxErrors: 5}
      loadBalancer: {simple: ROUND_ROBIN}
```
"""

from collections.abc import Iterator

from meshlint.api import DestinationRule, Findings, Severity, at, finding, listed, rule
from meshlint.model.networking.traffic_policy import PortTrafficPolicy, TrafficPolicy

_BLOCKS = {
    "tls": "tls",
    "connection_pool": "connectionPool",
    "outlier_detection": "outlierDetection",
    "load_balancer": "loadBalancer",
}


@rule("ML330", "port-policy-without-settings", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule) -> Findings:
    for policy in destination_rule.traffic_policies():
        for entry in policy.port_level_settings or ():
            lost = list(_lost(policy, entry))
            if entry.port is None or not entry.port.number or not lost:
                continue
            names = listed([_BLOCKS[name] for name in lost], "and")
            yield finding(
                at(destination_rule, entry, "port"),
                f"port {entry.port.number} gets nothing of the policy beside its entry: {names} "
                f"{'is' if len(lost) == 1 else 'are'} not in force there",
                help=f"repeat {names} in this entry",
                related=[(at(destination_rule, policy, name).key(), "not in force for this port") for name in lost],
            )


def _lost(policy: TrafficPolicy, entry: PortTrafficPolicy) -> Iterator[str]:
    for name in _BLOCKS:
        if getattr(policy, name) is None or getattr(entry, name) is not None:
            continue
        if name != "tls" or policy.tls is None or policy.tls.mode != "ISTIO_MUTUAL":
            yield name
