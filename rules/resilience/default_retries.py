"""A route without `retries`, which is retried by default.

istiod gives a route that says nothing of retries those of the mesh: two more tries on
connect-failure, refused-stream, unavailable and cancelled (up to Istio 1.23 on 503 as well), or what
`defaultHttpRetryPolicy` of the mesh config says. `attempts: 0` switches them off
(<https://istio.io/latest/docs/concepts/traffic-management/#retries>,
`pilot/pkg/networking/core/route/retry/retry.go`).

Off by default: it makes visible what nobody wrote.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: payments, namespace: shop}
spec:
  hosts: [payments]
  http:
  - route:  # ML338
    - destination: {host: payments}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: payments, namespace: shop}
spec:
  hosts: [payments]
  http:
  - route:
    - destination: {host: payments}
    retries: {attempts: 0}
```
"""

from meshlint.api import Findings, Mesh, Severity, Target, VirtualService, at, finding, is_before, rule


@rule("ML338", "default-retries", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService, mesh: Mesh, target: Target) -> Findings:
    retries = mesh.settings.default_retries
    attempts = retries.attempts or 0
    if attempts < 1:
        return
    is_own = any(config.default_http_retry_policy is not None for config in mesh.settings.configs)
    also = ",503" if not is_own and is_before(target.istio, "1.24") else ""
    for route in virtual_service.http:
        if (
            route.route
            and route.retries is None
            and route.fault is None
            and virtual_service.spec
            and virtual_service.spec.hosts
        ):
            yield finding(
                at(virtual_service, route, "route").key(),
                f"requests are retried {attempts} times on {retries.retry_on or 'the default conditions'}{also}, although nothing says so here",
                help="write the retries that are meant; `retries: {attempts: 0}` switches them off",
            )
