"""A ServiceEntry that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateServiceEntry`
in `pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `workloadSelector` | se-selector: no empty keys, no `*`; se-selector-endpoints: not beside `endpoints` |
| `hosts` | se-hosts: at least one; se-host-star, se-host: a DNS name, not `*` |
| `addresses` | se-address: IP addresses and ranges; se-cidr-resolution: ranges with NONE and STATIC only |
| `ports[].name` | se-port-name: a DNS label; se-port-name-dup |
| `ports[].number` | se-port-number: 1 to 65535; se-port-number-dup |
| `ports[].protocol` | se-port-protocol; se-multihost-plain: several hosts need HTTP or TLS |
| `ports[].targetPort` | se-targetport: 1 to 65535 |
| `endpoints` | se-none-endpoints, se-dnsrr-endpoints (one at most) |
| `endpoints[].address` | se-static-address, se-endpoint-missing-address, se-endpoint-unix, se-endpoint-unix-one-port, se-dns-address |
| `endpoints[].ports` | se-endpoint-unix-ports, se-endpoint-port-undefined, se-endpoint-port-name, se-endpoint-port |
| `endpoints[].labels` | se-endpoint-labels: keys and values as Kubernetes has them |
| `hosts` with DNS, no endpoints | se-dns-host-fqdn: no wildcard |
| DYNAMIC_DNS (1.28) | se-dyn-wildcard, se-dyn-addresses, se-dyn-endpoints, se-dyn-protocol, se-dyn-location (to 1.29), se-dyn-waypoint (1.30) |
| `exportTo` | exportto-duplicate, exportto-dot-and-own-ns, exportto-format, exportto-public-plus, exportto-none-plus |

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts:
  - "*.payments.example.com"  # ML113
  ports:
  - {number: 443, name: https_port, protocol: TLS}  # ML113
  resolution: DNS
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts:
  - api.payments.example.com
  ports:
  - {number: 443, name: https, protocol: TLS}
  resolution: DNS
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, Target, rule

from ._frame import findings
from ._service_entry import service_entry
from ._without_spec import without_spec


@rule(
    "ML113",
    "invalid-service-entry",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML713",),
)
def check(entry: ServiceEntry, target: Target) -> Findings:
    faults = service_entry(entry, entry.spec, target) if entry.spec else without_spec("ServiceEntry", "hosts")
    yield from findings(entry, faults)
