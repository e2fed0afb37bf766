"""A patch whose effect depends on which patches were applied before.

`INSERT_BEFORE`, `INSERT_AFTER`, `REPLACE` and `REMOVE` look for a place among the filters that are there
by then. Without `priority` the order of EnvoyFilters is that of their age: the same files may give
another order of filters in another cluster
(https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter).

Off by default: a patch relative to a filter that Istio itself puts there, such as the router, mostly
finds it. `istioctl analyze` reports every one.

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
      operation: INSERT_BEFORE  # ML830
      value:
        name: shop.tag
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
          default_source_code:
            inline_string: function envoy_on_request(handle) end
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
      operation: INSERT_FIRST
      value:
        name: shop.tag
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
          default_source_code:
            inline_string: function envoy_on_request(handle) end
```
"""

from meshlint.api import EnvoyFilter, Findings, Mesh, Severity, at, finding, rule
from meshlint.model.networking.envoy_filter import EnvoyConfigObjectPatch

from ._patches import is_relative, matched_filter


@rule(
    "ML830",
    "relative-patch",
    severity=Severity.INFO,
    since="0.1.0",
    equivalents=("IST0151", "IST0155"),
    default=False,
)
def check(mesh: Mesh) -> Findings:
    versioned: set[str] = set()
    for envoy_filter in mesh.all(EnvoyFilter):
        spec = envoy_filter.spec
        for patch in (spec.config_patches if spec else None) or ():
            if patch.patch is None:
                break
            name = _instance(patch)
            if is_relative(patch) and not (spec and spec.priority):
                yield finding(
                    at(envoy_filter, patch.patch, "operation"),
                    f"`{patch.patch.operation}` finds its place among the filters that are there already, "
                    "and without `priority` the age of EnvoyFilters decides which are",
                    help="use `INSERT_FIRST` or `ADD`, or give the EnvoyFilters a `priority`",
                    equivalents=("IST0155",) if name in versioned else ("IST0151",),
                )
            proxy = patch.match.proxy if patch.match else None
            if proxy and proxy.proxy_version:
                versioned.add(name)


def _instance(patch: EnvoyConfigObjectPatch) -> str:
    """The name of what a patch is about: that of its value, else of the filter it matches."""
    value = patch.patch.value if patch.patch else None
    if not isinstance(value, dict) or not value:
        return ""
    name = value.get("name")
    chosen = matched_filter(patch)
    return str(name) if name else (chosen.name or "" if chosen else "")
