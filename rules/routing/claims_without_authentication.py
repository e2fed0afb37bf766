"""Routing by claims of a token, on a gateway that checks no tokens.

A match on `@request.auth.claims...` sees the claims of a token that a RequestAuthentication of the
*gateway's* pods has accepted. Without one there are no claims, and no request matches
(https://istio.io/latest/docs/tasks/security/authentication/jwt-route/).

RequestAuthentications count that select the pods, or have no selector, in the namespace of the pods
or in the root namespace, and those attached to a Gateway by `targetRefs` never do.
`istioctl analyze` takes `istio-system` for the root namespace whatever mesh config says.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - match:
    - headers:
        "@request.auth.claims.group":  # ML246
          exact: testers
    route:
    - destination:
        host: web-next
  - route:
    - destination:
        host: web
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop/shop.example.com
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge-gateway
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
  template:
    metadata:
      labels:
        istio: edge-gateway
    spec:
      containers:
      - name: istio-proxy
        image: registry.example/proxyv2:1.30.0
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: web
  namespace: shop
spec:
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/keys
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - edge/public
  http:
  - match:
    - headers:
        "@request.auth.claims.group":
          exact: testers
    route:
    - destination:
        host: web-next
  - route:
    - destination:
        host: web
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop/shop.example.com
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge-gateway
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
  template:
    metadata:
      labels:
        istio: edge-gateway
    spec:
      containers:
      - name: istio-proxy
        image: registry.example/proxyv2:1.30.0
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: gateway
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/keys
```
"""

from collections.abc import Iterator

from meshlint.api import Answer, Findings, Mesh, Severity, VirtualService, at, finding, rule
from meshlint.model.networking.virtual_service import HTTPMatchRequest

_CLAIMS = "@request.auth.claims"


@rule("ML246", "claims-without-authentication", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0149",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    keys = list(_claims(virtual_service)) if spec and spec.gateways else ()
    if not keys:
        return
    for gateway in mesh.gateways.of(virtual_service):
        if mesh.token_checks.of_gateway(gateway) is Answer.NO:
            match, field, key = keys[0]
            more = f" (and {len(keys) - 1} more)" if len(keys) > 1 else ""
            yield finding(
                at(virtual_service, match, field, key).key(),
                f"`{key}`{more} never matches: no RequestAuthentication checks tokens "
                f"on the pods of gateway `{mesh.namespace(gateway)}/{gateway.name}`",
                help="write a RequestAuthentication in the namespace of the gateway's pods that selects them",
                related=[(at(gateway), "the Gateway is here")],
            )
            return


def _claims(virtual_service: VirtualService) -> Iterator[tuple[HTTPMatchRequest, str, str]]:
    """The match, the field and the key of each condition on a claim."""
    for route in virtual_service.http:
        for match in route.match or ():
            for field in ("headers", "without_headers"):
                for key in getattr(match, field) or ():
                    lower = key.lower()
                    if lower.startswith(_CLAIMS) and lower[len(_CLAIMS) : len(_CLAIMS) + 1] in {".", "["}:
                        yield match, field, key
