"""A rewrite that leaves two slashes at the start of a path.

A rewrite replaces the matched prefix, character by character: with `prefix: /api` and `uri: /`, the
path `/api/items` becomes `//items`, which many servers do not know. The same prefix also takes
`/apiary`, of which `/ary` is left
(<https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRewrite>,
<https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto>, `prefix_rewrite`).

Silent where an earlier match takes the paths that go on with a slash (`prefix: /api/` before
`prefix: /api`). Off by default: servers may not mind.

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

import msgspec

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule
from meshlint.mesh.matching import ANY_GATEWAY, Earlier
from meshlint.model.networking.common import StringMatch
from meshlint.model.networking.virtual_service import HTTPMatchRequest


@rule("ML277", "double-slash", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService) -> Findings:
    earlier = Earlier((virtual_service.spec and virtual_service.spec.gateways) or ANY_GATEWAY)
    for number, route in enumerate(virtual_service.http):
        rewritten = (route.rewrite.uri if route.rewrite else None) or ""
        doubling = None
        for match in route.match or ():
            prefix = _bare_prefix(match) if rewritten.endswith("/") else None
            if prefix and doubling is None and earlier.covering(_below(match, prefix)) is None:
                doubling = match
            if not route.delegate:
                earlier.add(match, number)
        if doubling is not None:
            prefix = _bare_prefix(doubling)
            yield finding(
                at(virtual_service, route.rewrite, "uri"),
                f"`{prefix}/x` becomes `{rewritten}/x`, with two slashes",
                help=f"match `prefix: {prefix}/` and `exact: {prefix}` instead",
                related=[(at(virtual_service, doubling.uri, "prefix"), "only this part is replaced")],
            )


def _bare_prefix(match: HTTPMatchRequest) -> str | None:
    """The prefix of a match, if it does not end in a slash."""
    prefix = match.uri.prefix if match.uri else None
    return prefix if prefix and not prefix.endswith("/") else None


def _below(match: HTTPMatchRequest, prefix: str) -> HTTPMatchRequest:
    """What a match takes of the paths that go on with a slash."""
    return msgspec.structs.replace(match, uri=StringMatch(prefix=f"{prefix}/"))
