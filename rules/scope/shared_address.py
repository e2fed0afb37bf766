"""Several hosts of a ServiceEntry that share an address on a TCP port.

A connection to an address names no host, so on a port that is not HTTP the address is all there
is to tell the hosts apart, and they share it. istiod calls this an invalid setting and takes it
with a warning (`ValidateServiceEntry` of istio/istio).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: partners
  namespace: shop
spec:
  hosts: [one.example.com, two.example.com]
  addresses: [203.0.113.7]  # ML717
  ports:
  - {number: 443, name: tls, protocol: TLS}
  resolution: DNS
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: partners
  namespace: shop
spec:
  hosts: [one.example.com, two.example.com]
  ports:
  - {number: 443, name: tls, protocol: TLS}
  resolution: DNS
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, at, finding, rule
from meshlint.values.protocols import is_http, is_tcp, is_tls


@rule("ML717", "shared-address", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(entry: ServiceEntry) -> Findings:
    spec = entry.spec
    if spec is None or spec.resolution not in {"DNS", "DNS_ROUND_ROBIN"} or not spec.addresses:
        return
    if not all(is_http(port.protocol or "") or is_tls(port.protocol or "") for port in entry.ports):
        return  # ML113: such ports go with one host only
    port = next((port for port in entry.ports if is_tcp(port.protocol or "")), None)
    if port is not None and len(entry.hosts) > 1:
        yield finding(
            at(entry, spec, "addresses"),
            f"the {len(entry.hosts)} hosts share `{spec.addresses[0]}`, and on port {port.number} ({port.protocol}) "
            "the address does not tell which one is meant",
            help="write one ServiceEntry per host with addresses of its own, or remove `addresses`",
        )
