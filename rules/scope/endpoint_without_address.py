"""An endpoint with a network but without an address.

istiod accepts it since 1.19, for workloads behind the gateway of another network. No proxy can
reach such an endpoint directly (`address` in
<https://istio.io/latest/docs/reference/config/networking/workload-entry/#WorkloadEntry>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata:
  name: details-vm-1
  namespace: shop
spec:
  network: vm-network  # ML716
  labels: {app: details}
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
  network: vm-network
  labels: {app: details}
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, WorkloadEntry, at, finding, rule
from meshlint.model.networking.workload_entry import WorkloadEntrySpec


@rule("ML716", "endpoint-without-address", severity=Severity.INFO, since="0.1.0", equivalents=("IST0133",))
def check(owner: ServiceEntry | WorkloadEntry) -> Findings:
    for endpoint in _endpoints(owner):
        if not endpoint.address and endpoint.network:
            yield finding(
                at(owner, endpoint, "network"),
                f"without `address`, the workload is reached through the gateway of network `{endpoint.network}` only",
                help="write the address of the workload, unless only that gateway may reach it",
            )


def _endpoints(owner: ServiceEntry | WorkloadEntry) -> tuple[WorkloadEntrySpec, ...]:
    if owner.spec is None:
        return ()
    if isinstance(owner, WorkloadEntry):
        return (owner.spec,)
    return owner.spec.endpoints or () if owner.spec.resolution == "STATIC" else ()
