"""A VirtualService bound to a Gateway that does not exist.

istiod attaches the routes to no listener: requests from outside get 404, and nothing is reported.
A bare name means a Gateway of the VirtualService's own namespace; another namespace has to be
written as `namespace/name`
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 443
      name: https
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: shop
    hosts:
    - "shop/*"
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - shop.example.com
  gateways:
  - public  # ML208
  http:
  - route:
    - destination:
        host: web
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 443
      name: https
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: shop
    hosts:
    - "shop/*"
---
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
  - route:
    - destination:
        host: web
```
"""

from collections.abc import Iterator
from typing import Any

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule

from ._gateway_lists import gateway_lists


@rule("ML208", "missing-gateway", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0101", "IST0132", "KIA1102"))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    for holder, references in gateway_lists(virtual_service):
        for index, reference in enumerate(references):
            outcome = mesh.gateways.resolve(reference, virtual_service)
            if outcome.is_missing:
                yield finding(
                    at(virtual_service, holder, "gateways", index),
                    f"there is no Gateway `{reference}`: the routes are attached to no listener and requests get 404",
                    help=f"did you mean `{outcome.near}`?" if outcome.near else _advice(reference),
                    related=[(at(gateway), "the Gateway is here") for gateway in _meant(outcome.near, mesh)],
                )


def _meant(near: str | None, mesh: Mesh) -> Iterator[Any]:
    if near and "/" in near:
        namespace, _, name = near.partition("/")
        yield from mesh.find("Gateway", namespace, name)[:1]


def _advice(reference: str) -> str:
    if "/" in reference:
        return "correct the name, or define the Gateway"
    return f"a bare name means a Gateway of the own namespace; write `NAMESPACE/{reference}` for another"
