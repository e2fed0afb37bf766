"""A time for each try, and none for the whole request.

`perTryTimeout` holds for the first try as well: a request that takes longer is never answered, whether
or not retries are left. Without `timeout` the request as a whole may take `attempts` + 1 times as
long, plus the pauses
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry>).

Off by default: it may well be what is meant.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
    retries:
      attempts: 3
      perTryTimeout: 2s  # ML335
      retryOn: 5xx,reset
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
    timeout: 8s
    retries:
      attempts: 3
      perTryTimeout: 2s
      retryOn: 5xx,reset
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, duration_text, finding, rule, seconds


@rule("ML335", "try-timeout-without-timeout", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        retries = route.retries
        if retries is None or route.timeout is not None or route.delegate or not retries.attempts:
            continue
        per_try = seconds(retries.per_try_timeout)
        if per_try and retries.attempts > 0:
            whole = duration_text(per_try * (retries.attempts + 1))
            yield finding(
                at(virtual_service, retries, "per_try_timeout"),
                f"each try ends after {retries.per_try_timeout}, the first too, and all of them may take {whole} and more",
                help=f"set `timeout: {whole}` or less beside `retries`",
            )
