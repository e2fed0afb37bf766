"""An IP address where the name of a TLS server is expected.

Clients send no SNI when they connect to an address (RFC 6066 allows host names only), so a match on
one is hardly ever met. istiod warns (`validateSniHost` in `pkg/config/validation`).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: legacy
  namespace: shop
spec:
  hosts: [10.1.2.3]
  tls:
  - match:
    - sniHosts: [10.1.2.3]  # ML221
    route:
    - destination: {host: legacy.shop.svc.cluster.local}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: legacy
  namespace: shop
spec:
  hosts: [legacy.example.com]
  tls:
  - match:
    - sniHosts: [legacy.example.com]
    route:
    - destination: {host: legacy.shop.svc.cluster.local}
```
"""

from meshlint.api import Findings, Severity, VirtualService, at, finding, rule
from meshlint.values.addresses import is_ip


@rule("ML221", "ip-address-as-sni", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(virtual_service: VirtualService) -> Findings:
    spec = virtual_service.spec
    if spec is None or not spec.tls:
        return
    for match in [match for route in spec.tls for match in route.match or ()]:
        for index, host in enumerate(match.sni_hosts or ()):
            if is_ip(host):
                yield finding(
                    at(virtual_service, match, "sni_hosts", index),
                    f"`{host}` is an IP address: clients send names as SNI, so this never matches",
                    help="write the host name that clients use, or a `tcp` route with `destinationSubnets`",
                )
