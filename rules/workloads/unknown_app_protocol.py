"""An `appProtocol` that Istio does not know, which hides the protocol in the name of the port.

Istio looks at `appProtocol` first, and at the name of the port only where there is none. With a value that it does
not know the proxy guesses from the first bytes
(https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/#explicit-protocol-selection).

Reported where the name begins with a protocol, or the value is a slip of one.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    app: stock
  ports:
  - name: http-web
    port: 80
    appProtocol: shop.example/web  # ML663
  - name: other
    port: 81
    appProtocol: gprc  # ML663
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    app: stock
  ports:
  - name: http-web
    port: 80
    appProtocol: http
  - name: other
    port: 81
    appProtocol: kubernetes.io/h2c
```
"""

import msgspec

from meshlint.api import Findings, Service, Severity, at, finding, rule
from meshlint.mesh.protocols import Protocol, declared
from meshlint.suggest import nearest

_KNOWN = (
    *(protocol.value.lower() for protocol in Protocol if protocol is not Protocol.DETECTED),
    "kubernetes.io/h2c",
    "kubernetes.io/ws",
    "kubernetes.io/wss",
)


@rule("ML663", "unknown-app-protocol", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0602",))
def check(service: Service) -> Findings:
    for port in service.ports:
        given = port.app_protocol
        if not given or declared(port) is not None or port.protocol not in {None, "TCP"}:
            continue
        named = declared(msgspec.structs.replace(port, app_protocol=None))
        near = nearest(given, _KNOWN)
        if named is None and near is None:
            continue
        hidden = f" and hides `{named.value}` of the name `{port.name}`" if named else ""
        yield finding(
            at(service, port, "app_protocol"),
            f"Istio does not know the protocol `{given}`{hidden}: the proxy guesses from the first bytes",
            help=f"write `appProtocol: {near or (named.value.lower() if named else '')}`, or remove it",
        )
