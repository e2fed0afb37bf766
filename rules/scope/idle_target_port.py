"""A `targetPort` that Istio before 1.25 does not use with `resolution: NONE`.

With NONE traffic goes on to the address and port that the client asked for. Up to Istio 1.24 a
`targetPort` changes nothing about that, and istiod said so from 1.21 to 1.24.

### Bad

```yaml options="--istio-version 1.24"
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: example
  namespace: shop
spec:
  hosts: [www.example.com]
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 8080  # ML718
  resolution: NONE
```

### Good

```yaml options="--istio-version 1.24"
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: example
  namespace: shop
spec:
  hosts: [www.example.com]
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 8080
  resolution: DNS
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, Target, at, finding, rule
from meshlint.schemas.versions import number


@rule("ML718", "idle-target-port", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(entry: ServiceEntry, target: Target) -> Findings:
    if entry.spec is None or entry.spec.resolution not in {None, "NONE"} or number(target.istio) >= (1, 25):
        return
    for port in entry.ports:
        if port.target_port and port.target_port != port.number:
            yield finding(
                at(entry, port, "target_port"),
                f"Istio {target.istio} does not use `targetPort: {port.target_port}` with `resolution: NONE`: "
                f"traffic goes on to port {port.number}",
                help="remove `targetPort`, or use `resolution: STATIC` or `DNS`",
            )
