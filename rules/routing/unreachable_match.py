"""A match of a route that an earlier match already takes.

The route has other matches and is reached, but this one has no effect: of the matches of a route one
suffices, and routes before it win
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest). Often the
order is wrong, or a prefix was meant to end in `/`: `prefix: /api` takes `/apidocs` as well.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - match:
    - uri:
        prefix: /reviews
    - uri:
        exact: /reviews/latest  # ML231
    route:
    - destination:
        host: reviews
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
  - reviews
  http:
  - match:
    - uri:
        prefix: /reviews
    - uri:
        exact: /latest-reviews
    route:
    - destination:
        host: reviews
```
"""

from meshlint.api import Findings, Severity, VirtualService, finding, rule

from ._reach import istioctl_sees, routes, where, written_together


@rule("ML231", "unreachable-match", severity=Severity.INFO, since="0.1.0", everywhere=True, equivalents=("IST0131",))
def check(virtual_service: VirtualService) -> Findings:
    for route in routes(virtual_service):
        if route.is_dead:
            continue
        for hidden in route.hidden:
            if not written_together(virtual_service, route.route, hidden.by_route):
                continue
            yield finding(
                where(virtual_service, hidden.match, route.route),
                f"this match has no effect: {hidden.why}",
                help="remove it, or put the more special match first",
                related=[(where(virtual_service, hidden.by, hidden.by_route), "this takes its requests")],
                equivalents=None if istioctl_sees(hidden) else (),
            )
