"""A fault that is injected on purpose.

Right for an experiment, and easily forgotten after it: the proxy delays or aborts requests although
nothing is wrong. Timeouts and retries of the same route do not help: Istio's reference says that they
are not enabled beside a fault, and the proxy injects it before they begin, so that an abort is not
retried and a delay is not counted (`fault` in
<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute>;
`percentage` in <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection>:
absent, it is no request at all).

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
  - fault:
      delay:  # ML304
        percentage: {value: 50}
        fixedDelay: 5s
      abort:  # ML304
        percentage: {value: 10}
        httpStatus: 503
    route:
    - destination: {host: reviews}
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
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

_OFF = "timeout and retries of the route do not apply to that"
_HELP = "remove the fault when the experiment is over"


@rule("ML304", "leftover-fault", severity=Severity.INFO, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        if route.fault is None:
            continue
        delay, abort = route.fault.delay, route.fault.abort
        if delay and delay.fixed_delay:
            value = delay.percentage.value if delay.percentage else delay.percent
            yield finding(
                at(virtual_service, delay),
                f"a fault delays {_part(value)} by {delay.fixed_delay}; {_OFF}",
                help=_HELP,
            )
        if abort and (abort.http_status or abort.grpc_status):
            value = abort.percentage.value if abort.percentage else None
            answer = f"status {abort.http_status}" if abort.http_status else f"gRPC status {abort.grpc_status}"
            yield finding(
                at(virtual_service, abort),
                f"a fault answers {_part(value)} with {answer}; {_OFF}",
                help=_HELP,
            )


def _part(percent: float | None) -> str:
    """A share of the requests in words; absent is none."""
    if not percent:
        return "no request (its percentage is 0 or absent)"
    return "every request" if percent >= 100 else f"{percent:g}% of the requests"
