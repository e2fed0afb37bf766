"""A route that no request reaches, because an earlier one takes them all.

Routes are tried from top to bottom and the first match wins
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute). A route behind
one without `match`, or whose every match is covered by earlier ones, is configuration without
effect: its destinations, timeouts and retries never apply.

Only what is proved is reported: the earlier match asks for nothing that the later one does not ask
for as strictly, in every attribute (path, method, headers, query, authority, scheme, port, labels
and namespace of the client, gateways). istioctl compares prefixes without regard to labels and
gateways and misses a wider prefix of another form; meshlint says neither more nor less than holds.

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
    route:
    - destination:
        host: reviews
        subset: v1
  - match:
    - uri:
        exact: /reviews/export  # ML230
    route:
    - destination:
        host: reviews
        subset: export
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
        exact: /reviews/export
    route:
    - destination:
        host: reviews
        subset: export
  - match:
    - uri:
        prefix: /reviews
    route:
    - destination:
        host: reviews
        subset: v1
```
"""

from meshlint.api import Findings, Severity, VirtualService, finding, rule

from ._reach import Hidden, is_duplicate, istioctl_sees, routes, where, written_together


@rule(
    "ML230",
    "unreachable-route",
    severity=Severity.WARNING,
    since="0.1.0",
    everywhere=True,
    equivalents=("IST0130", "IST0131"),
)
def check(virtual_service: VirtualService) -> Findings:
    for route in routes(virtual_service):
        if not route.is_dead:
            continue
        hidden: Hidden = route.hidden[0]
        if not written_together(virtual_service, route.route, hidden.by_route):
            continue  # ML265
        name = f"`{route.name}`" if route.name else f"{route.ordinal}"
        yield finding(
            where(virtual_service, hidden.match, route.route),
            f"no request reaches {route.protocol} route {name}: {hidden.why}",
            help="move it before the route that takes its requests, or remove it",
            related=[(where(virtual_service, hidden.by, hidden.by_route), "this takes its requests")],
            equivalents=_equivalents(hidden),
        )


def _equivalents(hidden: Hidden) -> tuple[str, ...]:
    """What `istioctl` says: a duplicate makes the match and the route useless, an overlap the match only."""
    if hidden.by is None:
        return ("IST0130",)
    if not istioctl_sees(hidden):
        return ()
    return ("IST0130", "IST0131") if is_duplicate(hidden.match, hidden.by) else ("IST0131",)
