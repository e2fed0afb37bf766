"""A gateway whose name no Gateway can have, and that istiod does not check.

istiod's validation stops at the first name without `/`, such as `mesh` or a Gateway of the same
namespace: what follows is taken as it is (`validateGatewayNames` in `pkg/config/validation`). A slip
there goes unnoticed, and the routes are simply not in force at that gateway.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews.example.com]
  gateways:
  - mesh
  - shop/edge_gateway  # ML223
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews.example.com]
  gateways:
  - mesh
  - shop/edge-gateway
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule
from meshlint.values.hosts import fqdn, label

from ._gateway_lists import gateway_lists


@rule("ML223", "unchecked-gateway-name", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for holder, names in gateway_lists(virtual_service):
        is_checked = True
        for index, written in enumerate(names):
            reason = None if is_checked else _reason(written)
            if reason:
                yield finding(
                    at(virtual_service, holder, "gateways", index),
                    f"no Gateway can be called `{written}`: {reason}; istiod does not check names after `{_first(names)}`",
                    help="write `<namespace>/<name>` of a Gateway",
                )
            is_checked = is_checked and "/" in written


def _reason(written: str) -> str | None:
    namespace, slash, name = written.partition("/")
    return (label(namespace) or label(name)) if slash else fqdn(written)


def _first(names: tuple[str, ...]) -> str:
    return next(name for name in names if "/" not in name)
