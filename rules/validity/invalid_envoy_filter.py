"""An EnvoyFilter that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateEnvoyFilter` in
`pkg/config/validation/envoyfilter` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `workloadSelector` | ef-selector: no empty keys, no `*` |
| `configPatches[].applyTo` | ef-applyto: it has to be there |
| `match.proxy.proxyVersion` | ef-proxyversion: a regular expression of RE2 |
| `match` | ef-listener-match, ef-route-match, ef-cluster-match: the part that goes with `applyTo` |
| `match.listener.filterChain.filter` | ef-filter-name, ef-subfilter-applyto, ef-subfilter-hcm, ef-subfilter-name |
| `patch` | ef-patch, ef-operation, ef-value: an operation, and but for REMOVE a value |
| `patch.value` | ef-value-decode: texts, numbers, lists as Envoy's message has them, and no type of its API v2 |

Patches with `context: WAYPOINT` are not checked (ef-waypoint-skip, since 1.29). Whether Envoy
takes a well-formed value is seen only when a proxy gets it.

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: lua
  namespace: shop
spec:
  configPatches:
  - applyTo: HTTP_FILTER
    match:
      context: SIDECAR_INBOUND
      cluster:  # ML117
        name: inbound|8080||
    patch:
      operation: INSERT_BEFORE
      value:
        name: lua
```

### Good

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: lua
  namespace: shop
spec:
  workloadSelector:
    labels: {app: reviews}
  configPatches:
  - applyTo: HTTP_FILTER
    match:
      context: SIDECAR_INBOUND
      listener:
        filterChain:
          filter:
            name: envoy.filters.network.http_connection_manager
            subFilter:
              name: envoy.filters.http.router
    patch:
      operation: INSERT_BEFORE
      value:
        name: lua
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
          default_source_code:
            inline_string: "function envoy_on_request(handle) end"
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, Target, rule

from ._envoy_filter import envoy_filter
from ._frame import findings


@rule("ML117", "invalid-envoy-filter", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(given: EnvoyFilter, target: Target) -> Findings:
    yield from findings(given, envoy_filter(given, target))
