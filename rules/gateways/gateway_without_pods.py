"""A Gateway whose selector picks no pod.

The Gateway opens no port anywhere, and the VirtualServices bound to it get no request. The labels are
those of the gateway's *pods*; in contrast to other selectors it picks pods of all namespaces
(https://istio.io/latest/docs/reference/config/networking/gateway/#Gateway).

Gateways are mostly installed from elsewhere. So meshlint says so only if a gateway in the files has
nearly these labels, or with `--scope complete`; never for the labels of Istio's own installation
(`istio: ingressgateway`).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gatewey  # ML520
  servers:
  - port:
      number: 80
      name: http-80
      protocol: HTTP
    hosts:
    - shop.example.com
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
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
    istio: edge-gateway
  servers:
  - port:
      number: 80
      name: http-80
      protocol: HTTP
    hosts:
    - shop.example.com
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
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
```
"""

from meshlint.api import Findings, Gateway, Mesh, Severity, at, finding, rule


@rule("ML520", "gateway-without-pods", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0101", "KIA0302"))
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    outcome = mesh.gateway_workloads.resolve(gateway)
    if not outcome.is_missing:
        return
    spelled = ", ".join(f"`{key}: {value}`" for key, value in gateway.selector.items())
    near_key = (outcome.near or "").partition(": ")[0]
    key = near_key if near_key in gateway.selector else next(iter(gateway.selector))
    yield finding(
        at(gateway, gateway.spec, "selector", key),
        f"no pods have {spelled}: the Gateway opens no port, and routes bound to it get no request",
        help=f"did you mean `{outcome.near}`?" if outcome.near else "write labels of the pods of a gateway",
    )
