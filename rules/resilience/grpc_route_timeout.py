"""A timeout on a route to a gRPC service.

`timeout` of a route runs until the response is complete. A stream of gRPC is complete when it is
closed, so that a stream that lives longer is cut off with an error, however lively it is. Deadlines of
gRPC clients (`grpc-timeout`) do not replace it
(<https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts#route-timeouts>).

Off by default: calls that are no streams may well have one.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata: {name: events, namespace: shop}
spec:
  selector: {app: events}
  ports: [{name: grpc, port: 9000}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: events, namespace: shop}
spec:
  hosts: [events]
  http:
  - route:
    - destination: {host: events}
    timeout: 15s  # ML347
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata: {name: events, namespace: shop}
spec:
  selector: {app: events}
  ports: [{name: grpc, port: 9000}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: events, namespace: shop}
spec:
  hosts: [events]
  http:
  - match:
    - uri: {prefix: /shop.Events/Subscribe}
    route:
    - destination: {host: events}
```
"""

from meshlint.api import Findings, Mesh, Service, Severity, VirtualService, at, finding, rule, seconds
from meshlint.mesh.protocols import Protocol, selected
from meshlint.mesh.services import find_port
from meshlint.model.networking.common import Destination


@rule("ML347", "grpc-route-timeout", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    for route in virtual_service.http:
        if not seconds(route.timeout) or not route.route:
            continue
        destinations = [item.destination for item in route.route if item.destination is not None]
        if destinations and all(_is_grpc(virtual_service, item, mesh) for item in destinations):
            yield finding(
                at(virtual_service, route, "timeout"),
                f"streams of gRPC that live longer than {route.timeout} are cut off",
                help="give streaming methods a route of their own, matched by their path, without `timeout`",
            )


def _is_grpc(virtual_service: VirtualService, destination: Destination, mesh: Mesh) -> bool:
    services = mesh.hosts.services(destination.host or "", mesh.namespace(virtual_service))
    service = next((item for item in services if isinstance(item, Service)), None)
    if service is None:
        return False
    number = destination.port.number if destination.port else None
    port = find_port(service, number) if number else service.ports[0] if len(service.ports) == 1 else None
    return port is not None and selected(port) is Protocol.GRPC
