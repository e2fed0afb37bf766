"""A rewrite that leaves two slashes at the start of a path.

A rewrite replaces the matched prefix, character by character: with `prefix: /api` and `uri: /`, the
path `/api/items` becomes `//items`, which many servers do not know. The same prefix also takes
`/apiary`, of which `/ary` is left
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite>,
<https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto>, `prefix_rewrite`).

Off by default: servers may not mind.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - match:
    - uri: {prefix: /api}
    rewrite:
      uri: /  # ML277
    route:
    - destination: {host: reviews}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - match:
    - uri: {prefix: /api/}
    - uri: {exact: /api}
    rewrite: {uri: /}
    route:
    - destination: {host: reviews}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule


@rule("ML277", "double-slash", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService) -> Findings:
    for route in virtual_service.http:
        rewritten = route.rewrite.uri if route.rewrite else None
        if not rewritten or not rewritten.endswith("/"):
            continue
        for match in route.match or ():
            prefix = match.uri.prefix if match.uri else None
            if prefix and not prefix.endswith("/"):
                yield finding(
                    at(virtual_service, route.rewrite, "uri"),
                    f"`{prefix}/x` becomes `{rewritten}/x`, with two slashes",
                    help=f"match `prefix: {prefix}/` and `exact: {prefix}` instead",
                    related=[(at(virtual_service, match.uri, "prefix"), "only this part is replaced")],
                )
                break
