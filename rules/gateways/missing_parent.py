"""A route of the Gateway API whose parent does not exist.

A route without a Gateway is attached to nothing: no request reaches it
(https://gateway-api.sigs.k8s.io/api-types/httproute/#attaching-to-gateways).

Routes inside of the mesh have a Service as parent. It is of another API group, which has to be written: `group: ""`.

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public-gatewya  # ML560
  rules:
  - backendRefs:
    - name: web
      port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public-gateway
  namespace: shop
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public-gateway
  rules:
  - backendRefs:
    - name: web
      port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public-gateway
  namespace: shop
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
```
"""

from meshlint.api import Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.trust import Sought
from meshlint.model.kinds import GATEWAY_API

from ._parents import Route, gateway_parents

_GROUP_OF = {"Service": "", "ServiceEntry": "networking.istio.io"}
"""Parents of routes inside of the mesh, which are not of the Gateway API."""


@rule("ML560", "missing-parent", severity=Severity.ERROR, since="0.1.0", equivalents=("KIA1401",))
def check(route: Route, mesh: Mesh) -> Findings:
    for given in route.parents:
        group = _GROUP_OF.get(given.kind or "")
        if group is not None and given.group in {None, GATEWAY_API}:
            yield finding(
                at(route, given, "kind"),
                f"`kind: {given.kind}` is looked for in group `{GATEWAY_API}`, which is the default and has none: the route is attached to nothing",
                help=f'write `group: "{group}"` beside it',
                equivalents=(),
            )
    for parent, namespace in gateway_parents(route, mesh):
        name = parent.name or ""
        if mesh.find("Gateway", namespace, name, GATEWAY_API):
            continue
        outcome = mesh.trust.absent(Sought("Gateway", namespace, name, route, relative=parent.namespace is None))
        if outcome.is_missing:
            yield finding(
                at(route, parent, "name"),
                f"there is no Gateway `{name}` in namespace `{namespace}`: no request reaches this route",
                help=f"did you mean `{outcome.near}`?" if outcome.near else "name a Gateway, with its `namespace`",
            )
