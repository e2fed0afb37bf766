"""An EnvoyFilter, which depends on internals of Istio.

istiod warns of every EnvoyFilter since 1.22: it patches configuration that istiod generates and
may generate in another way with the next release, and nothing checks the outcome before a proxy
takes it. This rule is off by default, for those who want each of them seen.

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: headers  # ML810
  namespace: shop
spec:
  configPatches:
  - applyTo: NETWORK_FILTER
    match:
      listener:
        filterChain:
          filter: {name: envoy.filters.network.http_connection_manager}
    patch:
      operation: MERGE
      value:
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          preserve_external_request_id: true
```

### Good

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing
  namespace: shop
spec:
  tracing:
  - randomSamplingPercentage: 5
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, at, finding, rule


@rule("ML810", "envoy-filter-in-use", severity=Severity.INFO, since="0.1.0", equivalents=("IST0133",), default=False)
def check(envoy_filter: EnvoyFilter) -> Findings:
    yield finding(
        at(envoy_filter),
        f"EnvoyFilter `{envoy_filter.name}` patches internals that may change with any release of Istio",
        help="use Telemetry, WasmPlugin, DestinationRule or a policy where one of them can do it; "
        "test it before each upgrade",
    )
