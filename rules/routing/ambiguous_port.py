"""A destination without a port, where the port of the request is none of the Service's.

istiod takes the only port of a Service where the destination names none. With several it takes the
port the request came in on: the port the client called, or the port of the gateway's server. Is that
no port of the Service, the route has no cluster, and Envoy answers 503
(`GetDestinationCluster` in `pilot/pkg/networking/core/route/route.go`).

istioctl asks for a port whenever the Service has several. That is more than needed: a route from
`reviews` to `reviews` works without. meshlint reports a route only where the files show that no
request can come in on a port of the destination: at a gateway (whose servers listen on 80 and 443),
or where the host has other ports than its destination.

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
    port: 9080
  - name: http-admin
    port: 9081
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
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
      credentialName: reviews
    hosts:
    - reviews.example.com
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews.example.com
  gateways:
  - public
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
    port: 9080
  - name: http-admin
    port: 9081
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
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
      credentialName: reviews
    hosts:
    - reviews.example.com
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews.example.com
  gateways:
  - public
  http:
  - route:
    - destination:
        host: reviews
        port:
          number: 9080
```
"""

from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule
from meshlint.mesh.gateway_names import MESH
from meshlint.model.networking.common import Destination

from ._ports import port_numbers

_SHOWN = 5


@rule("ML244", "ambiguous-port", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0112",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    for destination, gateways in _destinations(virtual_service):
        services = mesh.hosts.resolve(destination.host or "", virtual_service).found
        known = [set(port_numbers(service)) for service in services]
        if not known or any(len(ports) < 2 for ports in known):
            continue
        theirs = {number for ports in known for number in ports}
        for gateway in gateways:
            incoming = _incoming(virtual_service, gateway, mesh)
            if not incoming or incoming & theirs:
                continue
            yield finding(
                at(virtual_service, destination, "host"),
                f"requests come in on port {_listed(incoming)} ({_where(gateway)}), which `{destination.host}` does not have, "
                "and the destination names none of its ports: Envoy answers 503",
                help=f"write `port: {{number: ...}}` with one of {_listed(theirs)}",
                related=[
                    (at(services[0], getattr(services[0], "spec", None), "ports"), f"its ports are {_listed(theirs)}")
                ],
            )
            break


def _destinations(virtual_service: VirtualService) -> Iterator[tuple[Destination, Sequence[str]]]:
    """Every destination without a port, with the gateways its route is bound to."""
    spec = virtual_service.spec
    if spec is None or not any(map(_is_without_port, virtual_service.destinations())):
        return
    routes: tuple[Any, ...] = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ()))
    for route in routes:
        for destination in route.destinations():
            if _is_without_port(destination):
                yield destination, _bound(route, spec.gateways or (MESH,))


def _is_without_port(destination: Destination) -> bool:
    return bool(destination.host) and not (destination.port and destination.port.number)


def _bound(route: Any, gateways: Sequence[str]) -> Sequence[str]:
    """The gateways of a route: those of its matches, if every one names some, else those of the VirtualService."""
    matches = route.match or ()
    if matches and all(match.gateways for match in matches):
        return tuple(dict.fromkeys(name for match in matches for name in match.gateways))
    return gateways


def _incoming(virtual_service: VirtualService, gateway: str, mesh: Mesh) -> set[int]:
    """The ports on which requests reach the routes; none where the files do not tell."""
    hosts = virtual_service.spec.hosts or () if virtual_service.spec else ()
    ports: set[int] = set()
    if gateway == MESH:
        for host in hosts:
            services = mesh.hosts.resolve(host, virtual_service).found
            if not services or not all(port_numbers(service) for service in services):
                return set()
            ports.update(number for service in services for number in port_numbers(service))
        return ports
    found = mesh.gateways.resolve(gateway, virtual_service).found
    if not found:
        return set()
    from meshlint.api import Gateway

    if not all(isinstance(item, Gateway) for item in found):
        return set()
    servers = (server for item in found if isinstance(item, Gateway) for server in item.servers)
    return {server.port.number for server in servers if server.port and server.port.number}


def _listed(ports: set[int]) -> str:
    known = sorted(ports)
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return ", ".join(map(str, known[:_SHOWN])) + more


def _where(gateway: str) -> str:
    return "from the mesh" if gateway == MESH else f"gateway `{gateway}`"
