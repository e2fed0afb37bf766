"""A fault that says how often, but not what.

istiod accepts an `abort` without a status and a `delay` without a duration, and leaves them out: no
request is touched, and an experiment seems to go well. (It used to warn of the abort; today the
warning is lost. `TranslateFault` in `pilot/pkg/networking/core/route`.)

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
      abort:  # ML323
        percentage: {value: 10}
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
  hosts: [reviews.shop.svc.cluster.local]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule


@rule("ML323", "fault-without-effect", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        if route.fault is None:
            continue
        delay, abort = route.fault.delay, route.fault.abort
        if abort is not None and all(
            kind is None for kind in (abort.http_status, abort.grpc_status, abort.http2_error)
        ):
            yield finding(
                at(virtual_service, abort),
                "the abort has no status, so no request is aborted",
                help="add `httpStatus`, such as 503, or `grpcStatus`; or remove the abort",
            )
        if delay is not None and delay.fixed_delay is None and delay.exponential_delay is None:
            yield finding(
                at(virtual_service, delay),
                "the delay has no duration, so no request is delayed",
                help="add `fixedDelay`, such as `5s`, or remove the delay",
            )
