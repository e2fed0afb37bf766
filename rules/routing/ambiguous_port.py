"""A destination without a port at a Service that has several.

istiod takes the only port of a Service where the destination names none. With several there is no
such thing: the route has no cluster, and Envoy answers 503
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination).

Reported only where the Service (or ServiceEntry) is in the files, and has several ports in all its
variants.

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
  - name: http-admin
    port: 8081
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
        host: reviews  # ML244
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
  - name: http-admin
    port: 8081
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

from meshlint.api import Findings, Mesh, Resource, Service, ServiceEntry, Severity, VirtualService, at, finding, rule

_SHOWN = 5


@rule("ML244", "ambiguous-port", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0112",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    for destination in virtual_service.destinations():
        if not destination.host or (destination.port and destination.port.number):
            continue
        services = mesh.hosts.resolve(destination.host, virtual_service).found
        ports = [_ports(service) for service in services]
        if not ports or any(len(known) < 2 for known in ports):
            continue
        known = sorted({number for some in ports for number in some})
        more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
        listed = ", ".join(map(str, known[:_SHOWN])) + more
        yield finding(
            at(virtual_service, destination, "host"),
            f"`{destination.host}` has several ports and the destination names none: Envoy answers 503",
            help=f"write `port: {{number: ...}}` with one of {listed}",
            related=[(at(services[0], getattr(services[0], "spec", None), "ports"), f"its ports are {listed}")],
        )


def _ports(service: Resource) -> set[int]:
    """The numbers of the ports; none where they are not known."""
    if isinstance(service, Service):
        return set() if service.is_external_name else {port.port for port in service.ports if port.port}
    if isinstance(service, ServiceEntry):
        return {port.number for port in service.ports if port.number}
    return set()
