"""A match for a gateway that the VirtualService is not bound to.

`gateways` of a match only narrows those of the VirtualService: proxies of another gateway never see its
routes. Without `gateways` a VirtualService is bound to the sidecars only, which are called `mesh`
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest).

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
    - gateways:
      - mesh  # ML249
      uri:
        prefix: /cart
    route:
    - destination:
        host: cart
  - route:
    - destination:
        host: web
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
  - mesh
  http:
  - match:
    - gateways:
      - mesh
      uri:
        prefix: /cart
    route:
    - destination:
        host: cart
  - route:
    - destination:
        host: web
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, listed, rule
from meshlint.mesh.gateway_names import MESH, split_reference

from ._gateway_lists import gateway_lists

_SHOWN = 3


@rule("ML249", "unbound-gateway-match", severity=Severity.WARNING, since="0.1.0", everywhere=True)
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    lists = gateway_lists(virtual_service)
    if spec is None or not lists or not spec.hosts or mesh.is_patched(virtual_service):
        return  # a delegate is bound where its root is
    bound = spec.gateways or (MESH,)
    own = mesh.namespace(virtual_service)
    known = {split_reference(name, own) for name in bound if name != MESH}
    for match, names in lists:
        if match is spec:
            continue
        for index, name in enumerate(names):
            if name not in bound and (name == MESH or split_reference(name, own) not in known):
                more = f" and {len(bound) - _SHOWN} more" if len(bound) > _SHOWN else ""
                yield finding(
                    at(virtual_service, match, "gateways", index),
                    f"the VirtualService is bound to {listed(bound[:_SHOWN], 'and')}{more} only: "
                    f"this match never applies on `{name}`",
                    help=f"add `{name}` to `spec.gateways`, or remove it here",
                )
