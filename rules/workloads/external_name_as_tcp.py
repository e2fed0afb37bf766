"""A port of an ExternalName Service that is plain TCP, or says no protocol, before Istio 1.21.

An ExternalName has no address of its own. A port of TCP then stands for *every* address: proxies send
whatever goes to that port number, to any host, to this one
(https://istio.io/latest/docs/reference/config/analysis/ist0150/).

Since 1.21 an ExternalName is only another name of what it points to, and its ports play no part
(https://istio.io/latest/news/releases/1.21.x/announcing-1.21/upgrade-notes/#externalname-support-changes).
So this is said of older releases only, or with `--scope complete`, as `istioctl analyze` does.

### Bad

```yaml options="--istio-version 1.20"
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  type: ExternalName
  externalName: db.example.com
  ports:
  - name: db  # ML627
    port: 443
```

### Good

```yaml options="--istio-version 1.20"
apiVersion: v1
kind: Service
metadata:
  name: db
  namespace: shop
spec:
  type: ExternalName
  externalName: db.example.com
  ports:
  - name: tls
    port: 443
```
"""

from meshlint.api import Findings, Mesh, Service, Severity, Target, at, finding, is_before, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.protocols import SERVER_FIRST_PORTS, declared


@rule("ML627", "external-name-as-tcp", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0150",))
def check(service: Service, mesh: Mesh, target: Target) -> Findings:
    if not service.is_external_name or not (is_before(target.istio, "1.21") or mesh.context.scope is Scope.COMPLETE):
        return
    for port in service.ports:
        known = declared(port) is not None or port.port in SERVER_FIRST_PORTS
        if port.name == "tcp" or not known:
            yield finding(
                at(service, port, "name" if port.name else "port"),
                f"port {port.port} of an ExternalName is no HTTP or TLS by its name: "
                "proxies send all traffic to that port number here, whatever its address",
                help="begin the name with the protocol (`http-...`, `tls-...`, `https-...`) or set `appProtocol`",
            )
