"""An operation that istiod does not carry out on this kind of object.

istiod accepts the patch and does nothing with it. `ADD` and `REMOVE` have no meaning for a whole route
configuration; `REPLACE` is for filters (of listeners too) and virtual hosts only
(https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-Patch-Operation).

`istioctl analyze` says the same of `ADD` and `REMOVE` on `HTTP_ROUTE`, as the documentation does, but
istiod does carry these out (`patchHTTPRoutes` in `pilot/pkg/networking/core/envoyfilter/rc_patch.go`).
meshlint reports them, and `REPLACE` of a `LISTENER_FILTER`, with `--scope complete` only.

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limits
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: web
  configPatches:
  - applyTo: ROUTE_CONFIGURATION
    match:
      context: GATEWAY
    patch:
      operation: REMOVE  # ML831
```

### Good

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limits
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: web
  configPatches:
  - applyTo: VIRTUAL_HOST
    match:
      context: GATEWAY
      routeConfiguration:
        vhost:
          name: shop.example.com:80
    patch:
      operation: REMOVE
```
"""

from meshlint.api import EnvoyFilter, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.context import Scope

_REPLACEABLE = frozenset({"NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST"})
_CODES = {"REPLACE": "IST0152", "ADD": "IST0153", "REMOVE": "IST0154"}


@rule(
    "ML831",
    "unsupported-operation",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("IST0152", "IST0153", "IST0154"),
)
def check(envoy_filter: EnvoyFilter, mesh: Mesh) -> Findings:
    complete = mesh.context.scope is Scope.COMPLETE
    routes = {"ROUTE_CONFIGURATION", "HTTP_ROUTE"} if complete else {"ROUTE_CONFIGURATION"}
    replaceable = _REPLACEABLE if complete else _REPLACEABLE | {"LISTENER_FILTER"}
    spec = envoy_filter.spec
    for patch in (spec.config_patches if spec else None) or ():
        if patch.patch is None or not patch.apply_to:
            continue
        operation = patch.patch.operation or ""
        idle = patch.apply_to not in replaceable if operation == "REPLACE" else patch.apply_to in routes
        if operation in _CODES and idle:
            yield finding(
                at(envoy_filter, patch.patch, "operation"),
                f"istiod does not `{operation}` objects of type `{patch.apply_to}`: the patch does nothing",
                help="use `MERGE`, or patch what is inside of it",
                equivalents=(_CODES[operation],),
            )
