"""A WorkloadEntry that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateWorkloadEntry`
in `pkg/config/validation` of istio/istio:

| field | rows |
|---|---|
| `address` | we-address: it or `network` has to be there; we-address-format: an IP address or a host name; we-unix |
| `ports` | we-unix-ports: none with a Unix domain socket; we-port-name: a DNS label; we-port: 1 to 65535 |
| `labels` | we-labels: keys and values as Kubernetes has them |

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: details-vm-1
  namespace: shop
spec:
  address: 10.1.2.3:9080  # ML115
  labels:
    app: details vm  # ML115
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: details-vm-1
  namespace: shop
spec:
  address: 10.1.2.3
  ports:
    http: 9080
  labels:
    app: details
```
"""

from meshlint.api import Findings, Severity, WorkloadEntry, rule

from ._frame import findings
from ._without_spec import without_spec
from ._workload_entry import workload_entry


@rule("ML115", "invalid-workload-entry", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(entry: WorkloadEntry) -> Findings:
    faults = workload_entry(entry.spec) if entry.spec else without_spec("WorkloadEntry", "address")
    yield from findings(entry, faults)
