"""A mirror that copies nothing, or a share without a mirror.

`mirrorPercentage: {}` and `percentage: {}` are 0 percent: nothing is copied. (Absent, all requests
are.) A `mirrorPercentage` without `mirror` has nothing to send copies to
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute>, `MirrorPercent`
in `pilot/pkg/networking/core/route/route.go`).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
    mirror: {host: reviews, subset: v2}
    mirrorPercentage: {}  # ML275
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
    - destination: {host: reviews, subset: v1}
    mirror: {host: reviews, subset: v2}
    mirrorPercentage: {value: 10}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule

_HELP = "write `value` (0.0 to 100.0), or leave the percentage out to copy every request"


@rule("ML275", "mirror-without-share", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        share = route.mirror_percentage
        if share is None and not route.mirrors:
            continue
        if share is not None and route.mirror is None and not route.delegate:
            yield finding(
                at(virtual_service, route, "mirror_percentage").key(),
                "there is no `mirror`, so that no request is copied",
                help="name the `mirror`; entries of `mirrors` have a `percentage` of their own",
            )
        elif share is not None and share.value is None:
            yield finding(
                at(virtual_service, route, "mirror_percentage").key(),
                "an empty percentage is 0: no request is copied",
                help=_HELP,
            )
        for copy in route.mirrors or ():
            if copy.percentage is not None and copy.percentage.value is None:
                yield finding(
                    at(virtual_service, copy, "percentage").key(),
                    "an empty percentage is 0: no request is copied",
                    help=_HELP,
                )
