"""A route of the Gateway API to a Service that does not exist.

Requests of the rule get 500, for the share of that backend
(https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule).

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public
  rules:
  - backendRefs:
    - name: frontedn  # ML562
      port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: frontend
  namespace: shop
spec:
  selector:
    app: frontend
  ports:
  - name: http
    port: 80
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public
  rules:
  - backendRefs:
    - name: frontend
      port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: frontend
  namespace: shop
spec:
  selector:
    app: frontend
  ports:
  - name: http
    port: 80
```
"""

from collections.abc import Iterator

from meshlint.api import Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.trust import Sought
from meshlint.model.gateway_api.common import BackendObjectReference, ParentReference

from ._parents import Route, service_backends


@rule("ML562", "missing-backend", severity=Severity.ERROR, since="0.1.0", equivalents=("KIA1402",))
def check(route: Route, mesh: Mesh) -> Findings:
    for reference, namespace in _services(route, mesh):
        name = reference.name or ""
        if mesh.find("Service", namespace, name):
            continue
        sought = Sought("Service", namespace, name, route, relative=reference.namespace is None)
        outcome = mesh.trust.absent(sought)
        if outcome.is_missing:
            yield finding(
                at(route, reference, "name"),
                f"there is no Service `{name}` in namespace `{namespace}`: its requests get 500",
                help=f"did you mean `{outcome.near}`?" if outcome.near else "name a Service, with its `namespace`",
            )


def _services(route: Route, mesh: Mesh) -> Iterator[tuple[BackendObjectReference | ParentReference, str]]:
    yield from service_backends(route, mesh)
    for parent in route.parents:
        if parent.kind == "Service" and parent.name:
            yield parent, parent.namespace or mesh.namespace(route)
