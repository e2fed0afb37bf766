"""A port of an ExternalName Service that is plain TCP, or says no protocol.

An ExternalName has no address of its own. A port of TCP then stands for *every* address: proxies send
whatever goes to that port number, to any host, to this one
(https://istio.io/latest/docs/reference/config/analysis/ist0150/).

### Bad

```yaml
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

```yaml
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

from meshlint.api import Findings, Service, Severity, at, finding, rule
from meshlint.mesh.protocols import SERVER_FIRST_PORTS, declared


@rule("ML627", "external-name-as-tcp", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0150",))
def check(service: Service) -> Findings:
    if not service.is_external_name:
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
