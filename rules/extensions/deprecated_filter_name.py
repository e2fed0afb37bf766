"""A match by a filter name that Envoy gave up.

Envoy renamed its filters years ago (`envoy.router` is `envoy.filters.http.router`). istiod uses the
new names only and maps the old ones in a match, with a warning; a release that stops doing so makes
the patch do nothing, without a word
(<https://www.envoyproxy.io/docs/envoy/v1.14.0/version_history>).

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
      listener:
        filterChain:
          filter:
            name: envoy.http_connection_manager  # ML812
            subFilter:
              name: envoy.router  # ML812
    patch:
      operation: INSERT_BEFORE
      value:
        name: lua
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
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
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, at, finding, rule

from ._patches import checked_patches, matched_filter

_PATCHING_LISTENERS = frozenset({"LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER"})

# Short names, by the family that they have in the new ones.
_HTTP = (
    "buffer cors csrf fault grpc_http1_bridge grpc_json_transcoder grpc_web gzip health_check ip_tagging lua router "
    "squash"
)
_NETWORK = "client_ssl_auth http_connection_manager mongo_proxy ratelimit redis_proxy tcp_proxy"
_LISTENER = "http_inspector original_dst original_src proxy_protocol tls_inspector"
_RENAMED = {
    **{f"envoy.{name}": f"envoy.filters.http.{name}" for name in _HTTP.split()},
    **{f"envoy.{name}": f"envoy.filters.network.{name}" for name in _NETWORK.split()},
    **{f"envoy.listener.{name}": f"envoy.filters.listener.{name}" for name in _LISTENER.split()},
    "envoy.http_dynamo_filter": "envoy.filters.http.dynamo",
    "envoy.rate_limit": "envoy.filters.http.ratelimit",
}
_BOTH = "envoy.ext_authz"
"""There is one for HTTP and one for connections."""


@rule("ML812", "deprecated-filter-name", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(envoy_filter: EnvoyFilter) -> Findings:
    for patch in checked_patches(envoy_filter):
        found = matched_filter(patch)
        if found is None or patch.apply_to not in _PATCHING_LISTENERS:
            continue
        for match, family in ((found, "network"), (found.sub_filter, "http")):
            name = match.name if match else None
            new = f"envoy.filters.{family}.ext_authz" if name == _BOTH else _RENAMED.get(name or "")
            if new:
                yield finding(
                    at(envoy_filter, match, "name"),
                    f"the filter name `{name}` is deprecated: Envoy calls it `{new}`",
                    help=f"write `{new}`",
                )
