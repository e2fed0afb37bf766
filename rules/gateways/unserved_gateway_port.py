"""A port of a Gateway that no Service leads to.

The pods of the gateway listen on the port, but the Services in front of them do not pass it on, so
that nobody reaches it. A server of a Gateway names a port of the Service, or the container port
behind it (https://istio.io/latest/docs/reference/config/analysis/ist0162/).

Reported only where the files hold pods of the gateway and a Service that selects them; not for pods
on the host's network. `targetPort` counts, by number and by name.

### Bad

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
      number: 8443  # ML521
      name: http-8443
      protocol: HTTP
    hosts:
    - shop.example.com
---
apiVersion: v1
kind: Service
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  ports:
  - name: http
    port: 80
    targetPort: 8080
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
apiVersion: v1
kind: Service
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  ports:
  - name: http
    port: 80
    targetPort: 8080
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

_SHOWN = 5


@rule("ML521", "unserved-gateway-port", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0162",))
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    served = mesh.gateway_workloads.served(gateway)
    if served is None:
        return
    for server in gateway.servers:
        number = server.port.number if server.port else None
        if not number or number in served.ports or (server.bind or "").startswith("unix:"):
            continue
        ports = sorted(served.ports)
        more = f" and {len(ports) - _SHOWN} more" if len(ports) > _SHOWN else ""
        names = ", ".join(f"`{mesh.namespace(item)}/{item.name}`" for item in served.services[:_SHOWN])
        yield finding(
            at(gateway, server.port, "number"),
            f"no Service leads to port {number} of the gateway's pods: nobody reaches it",
            help=f"add the port to {names}, or write one that is there: {', '.join(map(str, ports[:_SHOWN]))}{more}",
            related=[(at(item, item.spec, "ports"), "these ports are served") for item in served.services[:1]],
        )
