"""A VirtualService that istiod's webhook refuses.

The cluster does not take the resource, and what was there before stays in force. Each line of the
table is one check of istiod (`ValidateVirtualService` in `pkg/config/validation`); values that the
schema of the resource refuses already are reported by the rules of the schema instead.

| field | refused |
|---|---|
| hosts | no host name or address; `*` without gateways or with `mesh`; the same host twice, or one that another's wildcard covers |
| gateways | no name, or no `namespace/name`; set without `hosts` |
| exportTo | no namespace, `.` or `*`; an entry twice; anything beside `*`; `~` |
| http, tls, tcp | all three empty; `tls` or `tcp` without `hosts` |
| http[] | none of route, redirect, directResponse; two of them; fault or rewrite beside redirect or directResponse; route or redirect beside delegate; delegate without hosts; mirror beside mirrors |
| http[].match[] | header that has no name of a header; claim of a token outside of gateways; empty prefix (since 1.22); regular expression that RE2 cannot read or of over 1024 bytes; port; sourceLabels; gateways; sourceNamespace |
| destination | `*` or no host name; subset that is no label; port outside of 1 to 65535 |
| route[] | no destination; negative weight; two or more destinations whose weights add to 0 |
| headers | pseudo header; `host` in removals or responses; value that Envoy cannot expand, such as `50%`; authority set twice |
| redirect | `uri` and `prefixRewrite`; `prefixRewrite` without prefix match; nothing to change; redirectCode outside of 300 to 399; scheme besides http and https; port |
| directResponse | status outside of 200 to 600; body over 1 MiB |
| rewrite | `uri` and `uriRegexRewrite`; none of them and no authority; `uriRegexRewrite` with an empty part or a regular expression that RE2 cannot read |
| timeout, perTryTimeout, backoff, fixedDelay | below 1ms, or a fraction of a millisecond; `0s` too |
| retries | negative attempts; settings beside attempts 0; retryOn with an unknown condition or a blank |
| fault | neither abort nor delay; percentage outside of 0 and 0.0001 to 100; status that is none; http2Error; exponentialDelay |
| mirror, mirrors | as a destination; percentage outside of 0 to 100 |
| corsPolicy | empty origin; method in small letters or unknown; header that has no name of a header; maxAge with a fraction of a second |
| tls[] | no match, no sniHosts, no route; SNI that no host covers |
| tls[].match[], tcp[].match[] | destinationSubnets that are no addresses; port; sourceLabels; gateways |
| tcp[] | no route |

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - http://reviews.example.com/  # ML110
  gateways: [shop/edge]
  http:
  - match:
    - uri: {regex: "/v1/(?!internal)"}  # ML110
    timeout: 0s  # ML110
    retries:
      attempts: 2
      retryOn: 5xx, reset  # ML110
    route:
    - destination: {host: reviews, port: {number: 0}}  # ML110
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews.example.com
  gateways: [shop/edge]
  http:
  - match:
    - uri: {prefix: /v1/}
    retries:
      attempts: 2
      retryOn: 5xx,reset
    route:
    - destination: {host: reviews.shop.svc.cluster.local, port: {number: 9080}}
```
"""

from meshlint.api import Findings, Severity, Target, VirtualService, rule

from ._frame import findings
from ._virtual_service import virtual_service as faults

_SEMANTICS = "internal.istio.io/route-semantics"
"""istiod writes `gateway` here on what it makes of routes of the Gateway API, which may do more."""


@rule(
    "ML110",
    "invalid-virtual-service",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML107",),
)
def check(virtual_service: VirtualService, target: Target) -> Findings:
    if virtual_service.annotations.get(_SEMANTICS) != "gateway":
        yield from findings(virtual_service, faults(virtual_service, target))
