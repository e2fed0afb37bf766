"""A filter in a patch that has a name and no configuration.

Envoy once found a filter by its name. Now it goes by the type of `typed_config` and refuses a
configuration with a filter that has none, so the proxies keep their old one
(`envoy.reloadable_features.no_extension_lookup_by_name` in
<https://www.envoyproxy.io/docs/envoy/v1.22.0/version_history/v1.22/v1.22.0>).

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
    patch:
      operation: INSERT_FIRST
      value:  # ML814
        name: envoy.filters.http.lua
```

### Good

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
    patch:
      operation: INSERT_FIRST
      value:
        name: envoy.filters.http.lua
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, at, finding, rule

from ._patches import checked_patches

_FILTERS = frozenset({"HTTP_FILTER", "NETWORK_FILTER", "LISTENER_FILTER", "EXTENSION_CONFIG"})
_CONFIGURED_BY = ("typed_config", "typedConfig", "config_discovery", "configDiscovery")


@rule("ML814", "filter-without-typed-config", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(envoy_filter: EnvoyFilter) -> Findings:
    for patch in checked_patches(envoy_filter):
        value = patch.patch.value if patch.patch else None
        if patch.apply_to in _FILTERS and isinstance(value, dict) and not any(key in value for key in _CONFIGURED_BY):
            name = value.get("name")
            yield finding(
                at(envoy_filter, patch.patch, "value"),
                f"the filter {f'`{name}` ' if isinstance(name, str) and name else ''}has no `typed_config`, "
                "and Envoy does not find filters by name any more",
                help='write `typed_config: {"@type": type.googleapis.com/...}` with the type of the filter',
            )
