"""A rewrite that glues the rest of the path to what it puts in.

A rewrite replaces the matched prefix, character by character. With `prefix: /api/` and `uri: /v1` the slash
goes with the prefix: `/api/items` becomes `/v1items`. A route without a match of paths has the prefix `/`, so
with `uri: /v1` its request for `/items` becomes `/v1items` too
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite>,
<https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto>, `prefix_rewrite`).

Silent where `uri` ends in a character other than a letter or digit, such as `/find?q=` or `/shop-`, where the route
asks for the header `:path`, and for routes of delegates without a path of their own, which have that of their root.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - match:
    - uri: {prefix: /api/}
    rewrite:
      uri: /v1  # ML291
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
    rewrite: {uri: /v1/}
    route:
    - destination: {host: reviews}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule
from meshlint.model.networking.virtual_service import HTTPMatchRequest, HTTPRoute


@rule("ML291", "glued-path", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    is_delegate = not (virtual_service.spec and virtual_service.spec.hosts)
    default = None if is_delegate else "/"
    for route in virtual_service.http:
        uri = (route.rewrite.uri if route.rewrite else None) or ""
        prefix = _whole_prefix(route, default) if uri[-1:].isalnum() else None
        if prefix:
            yield finding(
                at(virtual_service, route.rewrite, "uri"),
                f"`{prefix}items` becomes `{uri}items`: what stays of the path is glued to the rewrite, as the prefix takes its slash along",
                help=f"write `uri: {uri}/`; if every request is for `{uri}` itself, "
                f'`uriRegexRewrite: {{match: ".*", rewrite: {uri}}}` puts it in for the whole path',
            )


def _whole_prefix(route: HTTPRoute, default: str | None) -> str | None:
    """The first prefix of a route that ends in a slash; `default` is that of a match without a path."""
    for match in route.match or (HTTPMatchRequest(),):
        prefix = match.uri.prefix if match.uri else None if ":path" in (match.headers or ()) else default
        if prefix and prefix.endswith("/"):
            return prefix
    return None
