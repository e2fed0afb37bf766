"""A Service port that says no protocol, although rules for HTTP depend on it.

For a port without a known prefix in its name and without `appProtocol`, the proxy looks at the first
bytes to tell HTTP from other traffic. HTTP routes and HTTP conditions of policies then apply only to
what it recognises; traffic that it takes for plain TCP passes by the routes, and a client that waits
for the server to speak first waits for the detection to time out
(https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/).

Only ports that an `http` route of a VirtualService or an HTTP condition of an AuthorizationPolicy is
about are reported; the option `everywhere: true` reports every port of a Service. istioctl and Kiali
look at every port and only at its name.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: web  # ML602
    port: 9080
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
    timeout: 5s
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: web
    port: 9080
    appProtocol: http
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
    timeout: 5s
```
"""

from meshlint.api import Findings, Mesh, Options, Resource, Service, Severity, at, finding, rule
from meshlint.mesh.protocols import declared


class PortOptions(Options, frozen=True):
    """Which ports are looked at."""

    everywhere: bool = False
    """Every port of every Service, not only those that rules for HTTP are about."""


@rule("ML602", "port-without-protocol", severity=Severity.INFO, since="0.1.0", equivalents=("IST0118", "KIA0601"))
def check(service: Service, mesh: Mesh, options: PortOptions) -> Findings:
    if service.is_external_name:
        return
    for port in service.ports:
        if declared(port) is not None or port.app_protocol is not None or port.protocol not in {None, "TCP"}:
            continue
        users = mesh.layer7.users(service, port)
        if not users and not options.everywhere:
            continue
        yield finding(
            at(service, port, "name" if port.name else "port"),
            f"port {port.port} says no protocol, so the proxy guesses from the first bytes; "
            "HTTP rules apply only to what it takes for HTTP",
            help="begin the name with the protocol (`http-...`, `grpc-...`, `tcp-...`) or set `appProtocol`",
            related=[(at(user), _why(user)) for user in users[:2]],
        )


def _why(user: Resource) -> str:
    return "its HTTP routes lead here" if user.kind == "VirtualService" else "its HTTP conditions are about these pods"
