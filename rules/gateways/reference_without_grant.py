"""A route to a Service of another namespace that does not grant it.

A route may lead to a Service of another namespace only with a ReferenceGrant there, which names the kind and
the namespace of the route. Without one its requests get 500
(https://gateway-api.sigs.k8s.io/api-types/referencegrant/).

Reported where the Service and a ReferenceGrant of its namespace are in the files; with `--scope complete`,
wherever none grants it.

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
    - name: stock  # ML563
      namespace: warehouse
      port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: warehouse
spec:
  selector:
    app: stock
  ports:
  - name: http
    port: 80
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: desk
  namespace: warehouse
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: desk
  to:
  - group: ""
    kind: Service
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
    - name: stock
      namespace: warehouse
      port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: warehouse
spec:
  selector:
    app: stock
  ports:
  - name: http
    port: 80
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: shop
  namespace: warehouse
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: shop
  to:
  - group: ""
    kind: Service
    name: stock
```
"""

from collections.abc import Sequence

from meshlint.api import Findings, Mesh, Severity, at, finding, gateway_api, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.grants import grants_it, grants_of
from meshlint.mesh.trust import Sought
from meshlint.model.gateway_api.common import BackendObjectReference

from ._parents import Route, service_backends


@rule("ML563", "reference-without-grant", severity=Severity.ERROR, since="0.1.0", equivalents=("KIA1402",))
def check(route: Route, mesh: Mesh) -> Findings:
    homes = set(mesh.homes(route))
    for backend, namespace in service_backends(route, mesh):
        if namespace in homes or not mesh.find("Service", namespace, backend.name or ""):
            continue
        grants = grants_of(mesh, namespace)
        if any(grants_it(grant, route.kind, homes, backend) for grant in grants) or not _is_absent(
            route, backend, namespace, grants, mesh
        ):
            continue
        yield finding(
            at(route, backend, "name"),
            f"namespace `{namespace}` does not grant {route.kind}s of `{mesh.namespace(route)}` its Service "
            f"`{backend.name}`: its requests get 500",
            help=f"write a ReferenceGrant in `{namespace}` from {route.kind} of `{mesh.namespace(route)}` to Service",
            related=[(at(grant), "grants something else") for grant in grants[:1]],
        )


def _is_absent(
    route: Route,
    backend: BackendObjectReference,
    namespace: str,
    grants: Sequence[gateway_api.ReferenceGrant],
    mesh: Mesh,
) -> bool:
    """Whether the files would hold the grant if there were one."""
    if route.namespace is None or any(mesh.is_patched(grant) for grant in grants):
        return False
    sought = Sought("ReferenceGrant", namespace, backend.name or "", route)
    known = bool(grants) or mesh.context.scope is Scope.COMPLETE
    return mesh.trust.judge(sought, lambda: None, lambda: known).is_missing
