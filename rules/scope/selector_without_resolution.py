"""A ServiceEntry that selects workloads and does not send traffic to them.

With `resolution: NONE`, which is also the default, traffic goes to the address that the client
asked for. The workloads that `workloadSelector` picks are never chosen
(<https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: details
  namespace: shop
spec:
  hosts: [details.shop.internal]
  location: MESH_INTERNAL
  ports:
  - {number: 80, name: http, protocol: HTTP}
  workloadSelector:  # ML715
    labels: {app: details}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: details
  namespace: shop
spec:
  hosts: [details.shop.internal]
  location: MESH_INTERNAL
  ports:
  - {number: 80, name: http, protocol: HTTP}
  resolution: STATIC
  workloadSelector:
    labels: {app: details}
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, Target, at, finding, rule
from meshlint.schemas.versions import number


@rule("ML715", "selector-without-resolution", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(entry: ServiceEntry, target: Target) -> Findings:
    spec = entry.spec
    if spec is None or spec.workload_selector is None:
        return
    if spec.resolution in {None, "NONE"}:
        which = "`resolution: NONE`" if spec.resolution else "no `resolution`, which means NONE,"
        yield finding(
            at(entry, spec, "workload_selector"),
            f"with {which} traffic goes to the address the client asked for, never to the selected workloads",
            help="write `resolution: STATIC`",
        )
    elif spec.resolution in {"DNS", "DNS_ROUND_ROBIN"} and (1, 22) <= number(target.istio) <= (1, 25):
        yield finding(
            at(entry, spec, "workload_selector"),
            f"Istio {target.istio} advises against `workloadSelector` with `resolution: {spec.resolution}`: "
            "names are resolved, and the selected workloads have addresses",
            help="write `resolution: STATIC`",
        )
