"""A ReferenceGrant for the parents of routes, which nothing asks for.

Whether a route may be attached to a Gateway of another namespace is for the listener to say, with
`allowedRoutes`. A ReferenceGrant is asked for what routes and Gateways *refer to*: Services (and what else
a backend may be), Secrets and ConfigMaps (`pilot/pkg/config/kube/gatewaycommon/references.go`,
https://gateway-api.sigs.k8s.io/api-types/referencegrant/).

TCPRoutes are not judged: some load balancers take a Gateway as the *backend* of one
(<https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/gateway/gateway_chaining/>).

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: routes
  namespace: edge
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: shop
  to:
  - group: gateway.networking.k8s.io
    kind: Gateway  # ML565
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: Selector
        selector:
          matchLabels:
            kubernetes.io/metadata.name: shop
```
"""

from meshlint.api import Findings, Severity, at, finding, gateway_api, rule
from meshlint.model.kinds import GATEWAY_API

_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TLSRoute", "UDPRoute"})


@rule("ML565", "grant-for-parent", severity=Severity.WARNING, since="0.1.0")
def check(grant: gateway_api.ReferenceGrant) -> Findings:
    spec = grant.spec
    sources = (spec.from_ if spec else None) or ()
    if not sources or not all(source.group == GATEWAY_API and source.kind in _ROUTES for source in sources):
        return
    for target in (spec.to if spec else None) or ():
        if target.group == GATEWAY_API and target.kind == "Gateway":
            yield finding(
                at(grant, target, "kind"),
                "nothing asks for a grant to attach routes to a Gateway: `allowedRoutes` of its listeners decides",
                help="remove the entry, and let the namespace in with `allowedRoutes` of the listener",
            )
