"""A VirtualService and an HTTPRoute for one service in ambient mode.

A waypoint takes routes of both APIs, but what becomes of a service that has both is not defined
(<https://istio.io/latest/docs/ambient/usage/l7-features/>: VirtualService is alpha in ambient mode, and
must not be mixed with Gateway API routes).

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 80}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts:
  - reviews  # ML284
  http:
  - route:
    - destination: {host: reviews}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, port: 80}]
  rules:
  - backendRefs: [{name: reviews, port: 80}]
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  parentRefs: [{group: "", kind: Service, name: reviews, port: 80}]
  rules:
  - backendRefs: [{name: reviews, port: 80}]
```
"""

from collections.abc import Mapping
from functools import lru_cache

from meshlint.api import Answer, Findings, Mesh, Resource, Severity, VirtualService, at, finding, rule
from meshlint.mesh.gateway_names import MESH


@rule("ML284", "two-kinds-of-routes", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    if spec is None or not mesh.of_class("HTTPRoute") or MESH not in (spec.gateways or (MESH,)):
        return
    for index, host in enumerate(spec.hosts or ()):
        for service in mesh.hosts.named(host, mesh.namespace(virtual_service)):
            route = _routed(mesh).get((mesh.namespace(service), service.name)) if service.kind == "Service" else None
            if route is None or mesh.injection.ambient_namespace(mesh.namespace(service)) is not Answer.YES:
                continue
            if not mesh.trust.may_conflict(virtual_service, route):
                continue
            yield finding(
                at(virtual_service, spec, "hosts", index),
                f"HTTPRoute `{route.name}` is about `{host}` too: which of them a waypoint follows is not defined",
                help="keep one of the two; in ambient mode better the HTTPRoute",
                related=[(at(route), "the HTTPRoute")],
            )
            break


@lru_cache(maxsize=1)  # one mesh at a time
def _routed(mesh: Mesh) -> Mapping[tuple[str, str], Resource]:
    """The HTTPRoutes by namespace and name of the Services that they attach to."""
    index: dict[tuple[str, str], Resource] = {}
    for route in mesh.of_class("HTTPRoute"):
        for parent in (route.spec.parent_refs if route.spec else None) or ():
            if parent.kind == "Service" and parent.name:
                index.setdefault((parent.namespace or mesh.namespace(route), parent.name), route)
    return index
