"""Requests of browsers from other origins that a policy refuses, since their first one has no token.

Before a browser sends a request with a token to another origin, it asks with `OPTIONS` whether it may, and
that question never carries credentials (https://fetch.spec.whatwg.org/#cors-preflight-fetch). The proxy of a
gateway answers it by `corsPolicy`, but asks AuthorizationPolicies first
(`pilot/pkg/networking/core/listener_builder.go`). A policy that wants a token of every request answers 403
instead, and the browser never sends the request itself.

Where policies ask for hosts or paths, every one of the route's has to be refused. Judged where the files show the policies that are in force for the pods of the Gateway. Where they do not show
the pods, policies of DENY of the root namespace count, if they select by labels that the Gateway asks for.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-system/public]
  http:
  - corsPolicy:  # ML446
      allowOrigins: [{exact: "https://app.example.com"}]
      allowHeaders: [authorization]
    route:
    - destination: {host: web}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: token-needed, namespace: istio-system}
spec:
  selector:
    matchLabels: {istio: ingressgateway}
  action: DENY
  rules:
  - from:
    - source: {notRequestPrincipals: ["*"]}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-system/public]
  http:
  - corsPolicy:
      allowOrigins: [{exact: "https://app.example.com"}]
      allowHeaders: [authorization]
    route:
    - destination: {host: web}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: token-needed, namespace: istio-system}
spec:
  selector:
    matchLabels: {istio: ingressgateway}
  action: DENY
  rules:
  - from:
    - source: {notRequestPrincipals: ["*"]}
    to:
    - operation: {notMethods: [OPTIONS]}
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, rule
from meshlint.model.networking.virtual_service import HTTPRoute


@rule("ML446", "denied-preflight", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    routes = [route for route in virtual_service.http if _answers_browsers(route)]
    if routes and not mesh.is_patched(virtual_service):
        from ._preflight import refused

        yield from refused(virtual_service, routes, mesh)


def _answers_browsers(route: HTTPRoute) -> bool:
    return bool(route.cors_policy and (route.cors_policy.allow_origins or route.cors_policy.allow_origin))
