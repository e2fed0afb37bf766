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
from meshlint.schemas.envoy import untyped

from ._patches import checked_patches


@rule("ML814", "filter-without-typed-config", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(envoy_filter: EnvoyFilter) -> Findings:
    for patch in checked_patches(envoy_filter):
        if patch.patch is None or patch.patch.value is None:
            continue
        for path in untyped(patch.apply_to or "", patch.patch.value):
            yield finding(
                at(envoy_filter, patch.patch, "value", *path),
                f"{f'`{path[-1]}`' if path else 'the value'} has no `typed_config`, "
                "and Envoy does not find filters and other extensions by name any more",
                help='write `typed_config: {"@type": type.googleapis.com/...}` with the type of the extension',
            )
