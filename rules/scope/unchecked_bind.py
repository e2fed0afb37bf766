"""A `bind` of an egress listener without port that is no address.

istiod checks `bind` only where the listener has a `port`, but it uses it in any case: with a name
such as `localhost` it generates listeners that Envoy refuses, and the proxies go on with their old
configuration (`ValidateSidecar` of istio/istio;
<https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels: {app: reviews}
  egress:
  - bind: localhost  # ML720
    hosts: ["./*"]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels: {app: reviews}
  egress:
  - bind: 127.0.0.1
    hosts: ["./*"]
```
"""

from meshlint.api import Findings, Severity, Sidecar, at, finding, rule
from meshlint.values.addresses import ip


@rule("ML720", "unchecked-bind", severity=Severity.WARNING, since="0.1.0")
def check(sidecar: Sidecar) -> Findings:
    for listener in (sidecar.spec and sidecar.spec.egress) or ():
        if listener.port is None and listener.bind and ip(listener.bind):
            yield finding(
                at(sidecar, listener, "bind"),
                f"`{listener.bind}` is no IP address: istiod does not check it here, but Envoy refuses the listeners",
                help="write an IP address such as `127.0.0.1`, or leave `bind` out",
            )
