"""A `perTryTimeout` that is not below the `timeout` of its route.

Envoy ignores it: a time for each try has to be less than the time for all tries. A slow first try
then lasts until the timeout is over, and no retry follows it; what the retries still help against
are quick failures
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-upstream-rq-per-try-timeout-ms>;
`finalTimeout` in Envoy's `source/common/router/router.cc`).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
    timeout: 2s
    retries:
      attempts: 2
      perTryTimeout: 2s  # ML302
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
    timeout: 6s
    retries:
      attempts: 2
      perTryTimeout: 2s
      retryOn: 5xx
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, duration_text, finding, rule

from ._tries import timed_retries


@rule("ML302", "try-timeout-not-below-timeout", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for timed in timed_retries(virtual_service):
        if timed.per_try < timed.timeout:
            continue
        per_try, timeout = duration_text(timed.per_try), duration_text(timed.timeout)
        needed = duration_text(timed.per_try * (timed.attempts + 1))
        yield finding(
            at(virtual_service, timed.retries, "per_try_timeout"),
            f"`perTryTimeout: {per_try}` is not below the timeout of {timeout}, so Envoy ignores it: "
            "a slow first try uses all the time, and no retry follows it",
            help=f"raise `timeout` to {needed}, the time of {timed.attempts + 1} tries, or lower `perTryTimeout`",
            related=[(at(virtual_service, timed.route, "timeout"), "the time for all tries together")],
        )
