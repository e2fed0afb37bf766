"""A match of a filter that plays no part in what is patched.

With `applyTo: LISTENER` or `FILTER_CHAIN` whole listeners and filter chains are patched. istiod does
not look at `filter` then, so the patch goes to more listeners than the match says
(`ValidateEnvoyFilter` of istio/istio).

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  namespace: shop
spec:
  configPatches:
  - applyTo: LISTENER
    match:
      context: SIDECAR_INBOUND
      listener:
        filterChain:
          filter:  # ML811
            name: envoy.filters.network.http_connection_manager
    patch:
      operation: MERGE
      value:
        per_connection_buffer_limit_bytes: 32768
```

### Good

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  namespace: shop
spec:
  configPatches:
  - applyTo: LISTENER
    match:
      context: SIDECAR_INBOUND
      listener:
        portNumber: 8080
    patch:
      operation: MERGE
      value:
        per_connection_buffer_limit_bytes: 32768
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, at, finding, rule

from ._patches import checked_patches, matched_filter


@rule("ML811", "ignored-filter-match", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(envoy_filter: EnvoyFilter) -> Findings:
    for patch in checked_patches(envoy_filter):
        found = matched_filter(patch)
        if found is not None and patch.apply_to in {"LISTENER", "FILTER_CHAIN"}:
            yield finding(
                at(envoy_filter, found),
                f"with `applyTo: {patch.apply_to}` the match of a filter has no effect: "
                "listeners without it are patched too",
                help="match by `portNumber`, `name` or `sni`, or patch the filter with `applyTo: NETWORK_FILTER`",
            )
