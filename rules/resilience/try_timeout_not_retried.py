"""A time for each try, but a try that runs out of it is not retried.

Envoy retries a try that hit `perTryTimeout` under `5xx`, `gateway-error` and `reset` only. Under other
conditions, and under the default ones that apply where `retryOn` is absent (connect-failure,
refused-stream, unavailable, cancelled), the request fails with 504 after the first slow try: what was
meant to give a slow request a second chance cuts it short
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on>,
<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-upstream-rq-per-try-timeout-ms>;
the defaults are in `pilot/pkg/networking/core/route/retry/retry.go`). Status codes such as `504` do not
help: they are about answers of the server.

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
    timeout: 10s
    retries:
      attempts: 3
      perTryTimeout: 2s  # ML334
      retryOn: connect-failure,refused-stream,503
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
    timeout: 10s
    retries:
      attempts: 3
      perTryTimeout: 2s
      retryOn: connect-failure,refused-stream,503,reset
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule, seconds

from ._tries import RETRIES_TIMEOUTS, conditions


@rule("ML334", "try-timeout-not-retried", severity=Severity.INFO, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        retries = route.retries
        if retries is None or retries.per_try_timeout is None or not retries.attempts or retries.attempts < 0:
            continue
        if route.fault:
            continue
        per_try, whole = seconds(retries.per_try_timeout), seconds(route.timeout)
        if not per_try or (whole and per_try >= whole) or RETRIES_TIMEOUTS & conditions(retries):
            continue
        what = (
            f"`retryOn: {retries.retry_on}` does not retry"
            if retries.retry_on
            else "the default conditions do not retry"
        )
        yield finding(
            at(virtual_service, retries, "per_try_timeout"),
            f"a try that takes longer than {retries.per_try_timeout} fails the whole request: {what} it",
            help="add `reset` (or `gateway-error`, `5xx`) to `retryOn`, or set `timeout` instead of `perTryTimeout`",
            related=[(at(virtual_service, retries, "retry_on"), "the conditions")] if retries.retry_on else (),
        )
