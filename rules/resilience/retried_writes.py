"""Requests that write are sent again after the server may have carried them out.

A POST or PATCH that got a 5xx, a reset or no answer in time may have had its effect. Retrying it may
book twice, unless the server recognises repeated requests. Conditions under which the server has not
seen the request (connect-failure, refused-stream) are safe
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on>).

Said of routes that take nothing but POST and PATCH; for all others nobody can tell. Off by default: a
server that recognises repeated requests is fine.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: payments, namespace: shop}
spec:
  hosts: [payments]
  http:
  - match:
    - method: {exact: POST}
    route:
    - destination: {host: payments}
    retries:
      attempts: 2
      retryOn: 5xx  # ML336
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: payments, namespace: shop}
spec:
  hosts: [payments]
  http:
  - match:
    - method: {exact: POST}
    route:
    - destination: {host: payments}
    retries:
      attempts: 2
      retryOn: connect-failure,refused-stream
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, listed, rule

from ._tries import conditions

_WRITING = frozenset({"POST", "PATCH"})
_SAFE = frozenset({"connect-failure", "refused-stream", "reset-before-request", "envoy-ratelimited"})


@rule("ML336", "retried-writes", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        retries, matches = route.retries, route.match or ()
        if retries is None or not retries.attempts or not matches:
            continue
        methods = {match.method.exact if match.method else None for match in matches}
        unsafe = sorted(conditions(retries) - _SAFE)
        if unsafe and methods <= _WRITING:
            yield finding(
                at(virtual_service, retries, "retry_on"),
                f"a {' or '.join(sorted(map(str, methods)))} that the server may have carried out is sent again: {listed(unsafe, 'and')}",
                help="retry on `connect-failure,refused-stream` only, or let the server recognise repeated requests",
            )
