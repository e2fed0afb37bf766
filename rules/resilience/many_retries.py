"""More retries than help.

Each retry is one more request to servers that are already failing; after two or three, the others
mostly add to the load. Envoy spaces them by a jittered back-off of 25 ms at first, so that many tries
come within a second
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries>).

Off by default: how many are too many is a matter of taste (option `max-attempts`, 5).

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
      attempts: 10  # ML337
      retryOn: 5xx
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
    retries:
      attempts: 2
      retryOn: 5xx
```
"""

from meshlint.api import Findings, Options, Severity, VirtualService, at, finding, rule


class ManyRetries(Options, frozen=True):
    """What is taken for too many."""

    max_attempts: int = 5
    """The most `attempts` that are not reported."""


@rule("ML337", "many-retries", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService, options: ManyRetries) -> Findings:
    for route in virtual_service.http:
        retries = route.retries
        if retries is not None and (retries.attempts or 0) > options.max_attempts:
            yield finding(
                at(virtual_service, retries, "attempts"),
                f"a request that fails is sent up to {(retries.attempts or 0) + 1} times, to servers that are failing",
                help=f"lower `attempts` to {options.max_attempts} or less",
            )
