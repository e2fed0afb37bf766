"""A response of the proxy itself that is allowed but does harm.

Status 600 passes istiod's check, whose own message says 599. Envoy takes 200 to 599 only, and refuses
the whole list of routes that has it (`DirectResponseAction.status` and `FaultAbort.http_status` of its
API): the proxies keep what they had. A body of more than 100 KiB goes to every proxy with each change
and lies in its memory: istiod warns, and refuses more than 1 MiB, which is
[invalid-virtual-service](ML110.md). (`validateHTTPStatus`, `validateHTTPDirectResponse` in
`pkg/config/validation`.)

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews.shop.svc.cluster.local]
  http:
  - directResponse:
      status: 600  # ML222
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
  - directResponse:
      status: 503
      body: {string: back soon}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

_LARGE = 100 * 1024
_HUGE = 1024 * 1024


@rule("ML222", "response-out-of-bounds", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        response = route.direct_response
        if response is None and route.fault is None:
            continue
        abort = route.fault.abort if route.fault else None
        for holder, attribute, status in (
            (response, "status", response and response.status),
            (abort, "http_status", abort and abort.http_status),
        ):
            if status == 600:
                yield finding(
                    at(virtual_service, holder, attribute),
                    "status 600 passes istiod, but Envoy refuses all routes of a list that holds it",
                    help="write an HTTP status from 200 to 599, such as 503",
                    equivalents=(),
                )
        size = response.body.size if response and response.body else 0
        if response and _LARGE < size <= _HUGE:
            yield finding(
                at(virtual_service, response, "body"),
                f"a response body of {size // 1024} KiB is sent to every proxy, and again with each change",
                help="keep it below 100 KiB, or serve it from a service of its own",
            )
