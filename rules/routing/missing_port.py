"""A destination port that the Service does not have.

`destination.port.number` is a port of the Service (not a container port). istiod makes a cluster
per Service port; for any other number there is none, and Envoy answers 503 to every request
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination).

Reported only where the Service (or ServiceEntry) is in the files, in all its variants.

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
  - name: http
    port: 80
    targetPort: 8080
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
        port:
          number: 8080  # ML209
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
  - name: http
    port: 80
    targetPort: 8080
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
        port:
          number: 80
```
"""

from collections.abc import Sequence

from meshlint.api import Findings, Mesh, Resource, Severity, VirtualService, at, finding, rule

from ._ports import port_numbers


@rule("ML209", "missing-port", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0101",), covers=("ML110",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    fine: set[tuple[str, int]] = set()  # most routes lead to the same few ports
    for destination in virtual_service.destinations():
        host, number = destination.host, destination.port.number if destination.port else None
        if not number or not host or (host, number) in fine:
            continue
        services = mesh.hosts.resolve(host, virtual_service).found
        if _may_have(services, number):
            fine.add((host, number))
            continue
        ports = sorted({port for service in services for port in port_numbers(service)})
        listed = ", ".join(str(port) for port in ports[:5]) + (f" and {len(ports) - 5} more" if len(ports) > 5 else "")
        yield finding(
            at(virtual_service, destination.port, "number"),
            f"`{destination.host}` has no port {number}: Envoy has no cluster for it and answers 503",
            help=f"write a port of the Service: {listed}",
            related=[(at(services[0], getattr(services[0], "spec", None), "ports"), f"its ports are {listed}")],
        )


def _may_have(services: Sequence[Resource], number: int) -> bool:
    """Whether one of the services has a port, or its ports are not known; or no service is known."""
    for service in services:
        ports = port_numbers(service)
        if not ports or number in ports:
            return True
    return not services
