"""A WorkloadGroup that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateWorkloadGroup`
in `pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `template` | wg-template: it has to be there, its contents are not looked at |
| `metadata.labels` | wg-labels: keys and values as Kubernetes has them |
| `probe` | wg-probe-negative: no negative times and thresholds; wg-probe-method: one that istiod knows |
| `probe.httpGet` | wg-probe-http-port, wg-probe-http-scheme: in capitals, wg-probe-http-header |
| `probe.tcpSocket` | wg-probe-tcp-port: 1 to 65535 |
| `probe.exec` | wg-probe-exec: a command |

A `grpc` probe is refused: the schema has it since 1.25 and the agent on the workload can run it,
but the webhook of every release so far takes it for no method at all.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata:
  name: details
  namespace: shop
spec:
  template:
    serviceAccount: details
  probe:
    grpc:  # ML116
      port: 9080
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata:
  name: details
  namespace: shop
spec:
  template:
    serviceAccount: details
  probe:
    httpGet:
      path: /healthz
      port: 9080
```
"""

from meshlint.api import Findings, Severity, Target, WorkloadGroup, rule

from ._frame import findings
from ._without_spec import without_spec
from ._workload_group import workload_group


@rule("ML116", "invalid-workload-group", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(group: WorkloadGroup, target: Target) -> Findings:
    faults = workload_group(group.spec, target) if group.spec else without_spec("WorkloadGroup", "template")
    yield from findings(group, faults)
