"""Settings of retries beside `attempts: 0`, or without `attempts`.

istiod's validating webhook refuses `retryOn`, `perTryTimeout` and `retryRemoteLocalities` where
`attempts` is 0, and an absent `attempts` is 0: there is no default number once `retries` is written.
Where the webhook is switched off, the route has no retries at all, not even the mesh's default ones
(`validateHTTPRetry` in `pkg/config/validation`, `ConvertPolicy` in
`pilot/pkg/networking/core/route/retry`; `attempts` in
<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry>).
`attempts: 0` alone is fine: it switches retries off.

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
    retries:  # ML303
      retryOn: 5xx
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
    retries:
      attempts: 2
      retryOn: 5xx
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule


@rule(
    "ML303",
    "retry-conditions-without-retries",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML110",),
)
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        retries = route.retries
        if retries is None or retries.attempts:
            continue
        written = {
            "retryOn": retries.retry_on or None,
            "perTryTimeout": retries.per_try_timeout,
            "retryRemoteLocalities": retries.retry_remote_localities,
        }
        names = [f"`{name}`" for name, value in written.items() if value is not None]
        if names:
            zero = "no `attempts`, which means 0" if retries.attempts is None else "0 `attempts`"
            yield finding(
                at(virtual_service, retries, "attempts") if retries.attempts == 0 else at(virtual_service, retries),
                f"`retries` has {zero}: that switches retries off, and istiod refuses {' and '.join(names)} beside it",
                help="write how many retries there may be, such as `attempts: 2`, or leave only `attempts: 0`",
            )
