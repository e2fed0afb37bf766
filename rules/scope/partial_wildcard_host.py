"""A host of a ServiceEntry whose wildcard is not a whole label: `*example.com` instead of `*.example.com`.

`*example.com` also means `badexample.com`, which is seldom meant. And Envoy knows wildcards of
whole labels only where it matches an SNI, so a TLS or HTTPS port does not work with it
(`server_names` in <https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/listener/v3/listener_components.proto>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: example
  namespace: shop
spec:
  hosts:
  - "*example.com"  # ML713
  ports:
  - {number: 443, name: https, protocol: TLS}
  resolution: NONE
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: example
  namespace: shop
spec:
  hosts:
  - "*.example.com"
  ports:
  - {number: 443, name: https, protocol: TLS}
  resolution: NONE
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, at, finding, rule
from meshlint.values.hosts import wild_domain


@rule("ML713", "partial-wildcard-host", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(entry: ServiceEntry) -> Findings:
    if entry.spec is None or entry.spec.resolution == "DYNAMIC_DNS":
        return
    for index, host in enumerate(entry.hosts):
        if host.startswith("*") and not host.startswith("*.") and host != "*" and not wild_domain(host):
            yield finding(
                at(entry, entry.spec, "hosts", index),
                f"`{host}` also means names such as `x{host[1:].lstrip('-')}`, and on TLS ports Envoy takes no such wildcard",
                help=f"write `*.{host[1:].lstrip('-')}`, and `{host[1:].lstrip('-')}` itself if it is meant too",
            )
