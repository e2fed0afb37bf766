"""A DestinationRule that istiod's webhook refuses.

The cluster does not take the resource, and what was there before stays in force. Each line of the
table is one check of istiod or a few (`ValidateDestinationRule` in `pkg/config/validation`); values
that the schema of the resource refuses already are reported by the rules of the schema instead.

| field | refused |
|---|---|
| host | no host name, with or without wildcard; an address |
| subsets[] | name that is no label, or there twice (since 1.22); labels that are none |
| workloadSelector | empty key; `*` in a key or value; beside an `exportTo` beyond the own namespace |
| exportTo | no namespace, `.` or `*`; an entry twice; anything beside `*`; `~` |
| trafficPolicy | empty; `tunnel` beside `proxyProtocol` |
| portLevelSettings[] | no port; none of connectionPool, loadBalancer, outlierDetection, tls |
| connectionPool | neither `tcp` nor `http`; negative limits; durations below 1ms or with a fraction of it (`tcp.idleTimeout: 0s` is fine); `useClientProtocol` beside `h2UpgradePolicy: UPGRADE`; `http2KeepAlive` without interval or timeout |
| outlierDetection | `interval` or `baseEjectionTime` below 1ms or with a fraction of it; `consecutiveLocalOriginFailures` without `splitExternalLocalOriginErrors`; percentages outside of 0 to 100 |
| loadBalancer.consistentHash | cookie without name; cookie attribute without name or twice; `minimumRingSize` beside an algorithm; maglev `tableSize` 0, above 5000010 or no prime (since 1.22) |
| loadBalancer.warmup | no duration, or below 1ms; `minimumPercent` above 100; `aggression` not above 0 (before 1.31: below 1) |
| loadBalancer.localityLbSetting | `distribute` and `failover`; failover beside a topology label in `failoverPriority`; weight outside of 1 to 100; weights that do not add to 100; locality with an empty part, a `*` that is not at its end, or that overlaps with another; failover to itself, with `/` or with `*` |
| loadBalancer.zoneAwareLbSetting | beside localityLbSetting; topology label in `failoverPriority`; failover to itself, with `/` or with `*` |
| tls | `configmap://` without namespace and name, or of another namespace; `insecureSkipVerify` beside what would be verified; `credentialName` beside files; `MUTUAL` without certificate and key |
| tunnel | protocol besides CONNECT and POST; targetHost that is neither name nor address; targetPort outside of 1 to 65535 |

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local:9080  # ML111
  trafficPolicy:
    connectionPool:
      http: {idleTimeout: 0s}  # ML111
    tls:
      mode: MUTUAL
      clientCertificate: /etc/certs/cert.pem  # ML111
      privateKey: /etc/certs/key.pem  # ML111
      credentialName: reviews-client
  subsets:
  - name: v1.2  # ML111
    labels: {version: v1.2}
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
    connectionPool:
      http: {idleTimeout: 30s}
  subsets:
  - name: v1-2
    labels: {version: v1.2}
```
"""

from meshlint.api import DestinationRule, Findings, Severity, Target, rule

from ._destination_rule import destination_rule as faults
from ._frame import findings


@rule(
    "ML111",
    "invalid-destination-rule",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML107",),
)
def check(destination_rule: DestinationRule, target: Target) -> Findings:
    yield from findings(destination_rule, faults(destination_rule, target))
