"""A host that several VirtualServices claim for the same sidecars.

A sidecar takes one VirtualService for a host, the oldest of those it sees, and drops the others:
their routes do nothing, and which one is the oldest is in no file. Only the routes on gateways are
merged (https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services).

A wildcard and a host that it covers are no conflict: the more specific one wins. With
`--scope complete` they are reported all the same where one of the two is exported to fewer
namespaces, as `istioctl analyze` does.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews-timeout
  namespace: shop
spec:
  hosts:
  - reviews  # ML240
  http:
  - timeout: 2s
    route:
    - destination:
        host: reviews
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews-retries
  namespace: shop
spec:
  hosts:
  - reviews.shop.svc.cluster.local  # ML240
  http:
  - retries:
      attempts: 2
    route:
    - destination:
        host: reviews
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - timeout: 2s
    retries:
      attempts: 2
    route:
    - destination:
        host: reviews
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule(
    "ML240",
    "conflicting-virtual-services",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0109", "KIA1106"),
)
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    if len(mesh.all(VirtualService)) < 2:
        return
    for index, rivals in mesh.route_claims.of_sidecars(virtual_service):
        host = virtual_service.spec.hosts[index] if virtual_service.spec and virtual_service.spec.hosts else ""
        yield finding(
            at(virtual_service, virtual_service.spec, "hosts", index),
            f"{rivals.names} also {'claims' if rivals.single else 'claim'} `{host}`: "
            "sidecars take the oldest of them and drop the routes of the others",
            help="write the routes of a host in one VirtualService, or delegate to others from it",
            related=rivals.places("this one claims the host too"),
        )
