"""Routes or policies for requests to a Service in ambient mode that no waypoint stands before.

Ztunnel carries connections and looks at no VirtualService and no DestinationRule. Clients in ambient mode follow
them only where a waypoint stands before the Service. Those with a sidecar, and gateways, follow them
anyway (https://istio.io/latest/docs/ambient/usage/waypoint/).

Reported where the Service or its namespace says `none`, or where no file holds a waypoint and the namespace is
labelled for ambient mode alone.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: stock
  namespace: shop
spec:
  hosts:
  - stock.shop.svc.cluster.local  # ML905
  http:
  - timeout: 2s
    route:
    - destination:
        host: stock.shop.svc.cluster.local
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    app: stock
  ports:
  - name: http
    port: 80
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: stock
  namespace: shop
spec:
  hosts:
  - stock.shop.svc.cluster.local
  http:
  - timeout: 2s
    route:
    - destination:
        host: stock.shop.svc.cluster.local
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
---
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    app: stock
  ports:
  - name: http
    port: 80
```
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.api import (
    Answer,
    Findings,
    Mesh,
    Service,
    Severity,
    at,
    finding,
    rule,
)
from meshlint.mesh.host_names import is_wildcard

from ._waypoints import is_without_waypoint

if TYPE_CHECKING:
    from meshlint.api import DestinationRule, VirtualService
    from meshlint.model.networking.traffic_policy import TrafficPolicy


@rule(
    "ML905",
    "rule-without-waypoint",
    severity=Severity.INFO,
    since="0.1.0",
    equivalents=("KIA0210", "KIA0211", "KIA1109", "KIA1113"),
)
def check(resource: "VirtualService | DestinationRule", mesh: Mesh) -> Findings:
    if not mesh.injection.uses_ambient:
        return
    for field, host in _hosts(resource):
        service = _bare_service(host, mesh.namespace(resource), mesh)
        if service is not None:
            yield finding(
                at(resource, resource.spec, *field),
                f"clients in ambient mode do not follow this {resource.kind}: no waypoint stands before `{service.name}`",
                help="label the Service or its namespace with `istio.io/use-waypoint: <name of the waypoint>`",
                related=[(at(service), "led through no waypoint")],
                equivalents=("KIA1109", "KIA1113") if resource.kind == "VirtualService" else ("KIA0210", "KIA0211"),
            )


def _hosts(resource: "VirtualService | DestinationRule") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The hosts of rules that need requests to be seen, each with its field."""
    from meshlint.api import VirtualService

    if not isinstance(resource, VirtualService):
        spec = resource.spec
        policies = [subset.traffic_policy for subset in resource.subsets]
        if spec and spec.host and any(map(_is_for_requests, [spec.traffic_policy, *policies])):
            yield ("host",), spec.host
    elif resource.spec and (resource.http or resource.spec.tls):
        gateways = resource.spec.gateways
        if not gateways or "mesh" in gateways:
            yield from ((("hosts", index), host) for index, host in enumerate(resource.spec.hosts or ()))


def _is_for_requests(policy: "TrafficPolicy | None") -> bool:
    if policy is None:
        return False
    pool, balancer = policy.connection_pool, policy.load_balancer
    return bool((pool and pool.http) or policy.outlier_detection or (balancer and balancer.consistent_hash))


def _bare_service(host: str, namespace: str, mesh: Mesh) -> Service | None:
    """The Service of a host, if it is in ambient mode and surely has no waypoint."""
    if is_wildcard(host):
        return None
    services = mesh.hosts.services(host, namespace)
    found = [item for item in services if isinstance(item, Service) and _is_bare(item, mesh)]
    return found[0] if found and len(found) == len(services) else None


def _is_bare(service: Service, mesh: Mesh) -> bool:
    homes = mesh.homes(service)
    in_ambient = all(mesh.injection.ambient_namespace(home) is Answer.YES for home in homes)
    return in_ambient and is_without_waypoint(service, mesh)
