r"""A `proxyVersion` that istiod ignores since it is too long.

Since 1.31 a regular expression of more than 1024 characters is not evaluated; the patch is applied
whatever the proxy's version is (`ValidateEnvoyFilter` of istio/istio).

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: limits
  namespace: shop
spec:
  configPatches:
  - applyTo: CLUSTER
    match:
      proxy:
        proxyVersion: >-  # ML813
          ^(
          1\.20\.0|1\.20\.1|1\.20\.2|1\.20\.3|1\.20\.4|1\.20\.5|1\.20\.6|1\.20\.7|1\.20\.8|1\.20\.9|
          1\.20\.10|1\.20\.11|1\.21\.0|1\.21\.1|1\.21\.2|1\.21\.3|1\.21\.4|1\.21\.5|1\.21\.6|1\.21\.7|
          1\.21\.8|1\.21\.9|1\.21\.10|1\.21\.11|1\.22\.0|1\.22\.1|1\.22\.2|1\.22\.3|1\.22\.4|1\.22\.5|
          1\.22\.6|1\.22\.7|1\.22\.8|1\.22\.9|1\.22\.10|1\.22\.11|1\.23\.0|1\.23\.1|1\.23\.2|1\.23\.3|
          1\.23\.4|1\.23\.5|1\.23\.6|1\.23\.7|1\.23\.8|1\.23\.9|1\.23\.10|1\.23\.11|1\.24\.0|1\.24\.1|
          1\.24\.2|1\.24\.3|1\.24\.4|1\.24\.5|1\.24\.6|1\.24\.7|1\.24\.8|1\.24\.9|1\.24\.10|1\.24\.11|
          1\.25\.0|1\.25\.1|1\.25\.2|1\.25\.3|1\.25\.4|1\.25\.5|1\.25\.6|1\.25\.7|1\.25\.8|1\.25\.9|
          1\.25\.10|1\.25\.11|1\.26\.0|1\.26\.1|1\.26\.2|1\.26\.3|1\.26\.4|1\.26\.5|1\.26\.6|1\.26\.7|
          1\.26\.8|1\.26\.9|1\.26\.10|1\.26\.11|1\.27\.0|1\.27\.1|1\.27\.2|1\.27\.3|1\.27\.4|1\.27\.5|
          1\.27\.6|1\.27\.7|1\.27\.8|1\.27\.9|1\.27\.10|1\.27\.11|1\.28\.0|1\.28\.1|1\.28\.2|1\.28\.3|
          1\.28\.4|1\.28\.5|1\.28\.6|1\.28\.7|1\.28\.8|1\.28\.9|1\.28\.10|1\.28\.11|1\.29\.0|1\.29\.1|
          1\.29\.2|1\.29\.3|1\.29\.4|1\.29\.5|1\.29\.6|1\.29\.7|1\.29\.8|1\.29\.9|1\.29\.10|1\.29\.11|
          1\.30\.0|1\.30\.1|1\.30\.2|1\.30\.3|1\.30\.4|1\.30\.5|1\.30\.6|1\.30\.7|1\.30\.8|1\.30\.9|
          1\.30\.10|1\.30\.11|1\.31\.0|1\.31\.1|1\.31\.2|1\.31\.3|1\.31\.4|1\.31\.5|1\.31\.6|1\.31\.7|
          1\.31\.8|1\.31\.9|1\.31\.10|1\.31\.11
          )$
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
  name: limits
  namespace: shop
spec:
  configPatches:
  - applyTo: CLUSTER
    match:
      proxy:
        proxyVersion: ^1\.(2[0-9]|3[01])\..*
    patch:
      operation: MERGE
      value:
        per_connection_buffer_limit_bytes: 32768
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, Target, at, finding, rule
from meshlint.schemas.versions import number

from ._patches import checked_patches

_LONGEST = 1024


@rule("ML813", "ignored-proxy-version", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(envoy_filter: EnvoyFilter, target: Target) -> Findings:
    if number(target.istio) < (1, 31):
        return
    for patch in checked_patches(envoy_filter):
        proxy = patch.match.proxy if patch.match else None
        version = (proxy and proxy.proxy_version) or ""
        if len(version) > _LONGEST:
            yield finding(
                at(envoy_filter, proxy, "proxy_version"),
                f"`proxyVersion` has {len(version)} characters, more than {_LONGEST}: istiod ignores it, "
                "and the patch goes to proxies of every version",
                help="write a shorter expression, such as `^1\\.24.*`",
            )
