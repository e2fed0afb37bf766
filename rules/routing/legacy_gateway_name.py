"""A gateway named by a host name.

Long ago a VirtualService named its gateways as `edge.shop` or `edge.shop.svc.cluster.local`. istiod
still takes the first two parts for name and namespace, and warns; today it is `shop/edge`, where
nobody can take it for a host. (`validateGatewayNames` in `pkg/config/validation`, which warns for
the gateways of the resource and of TLS matches; in HTTP and TCP matches the name is as old.)

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
  - edge.shop.svc.cluster.local  # ML220
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
  - shop/edge
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
```
"""

from meshlint.api import Edit, Findings, Fix, Severity, VirtualService, at, finding, rule
from meshlint.model.networking.virtual_service import HTTPMatchRequest, L4MatchAttributes
from meshlint.values.hosts import fqdn

from ._gateway_lists import gateway_lists


@rule("ML220", "legacy-gateway-name", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133", "KIA1108"))
def check(virtual_service: VirtualService) -> Findings:
    for holder, names in gateway_lists(virtual_service):
        is_warned = not isinstance(holder, HTTPMatchRequest | L4MatchAttributes)
        for index, written in enumerate(names):
            if "/" in written or "." not in written or fqdn(written):
                continue
            name, namespace = written.split(".")[:2]
            place = at(virtual_service, holder, "gateways", index)
            yield finding(
                place,
                f"gateway `{written}` is named as a host; istiod takes it for Gateway `{name}` of namespace `{namespace}`",
                help=f"write `{namespace}/{name}`",
                equivalents=None if is_warned else (),
                fix=Fix(f"write `{namespace}/{name}`", (Edit(place, "set", f"{namespace}/{name}"),)),
            )
