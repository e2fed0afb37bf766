"""A Service that `istioctl validate` refuses, though Kubernetes and Istio take it.

`istioctl validate` also looks at Services, and fails where a port says no protocol by its name or
its `appProtocol`. Istio runs with such a port: the proxy detects HTTP, and ML602 reports the ports
for which that matters. This rule is for those whose pipeline runs `istioctl validate`, so it is off
by default. Services of `istio-system` and UDP ports are left out, as there (`istioctl/pkg/validate`).

| field | rows |
|---|---|
| `ports[].appProtocol` | k8s-service-appprotocol: a protocol that Istio names so; not those of Kubernetes such as `kubernetes.io/h2c`, although Istio reads them |
| `ports[].name` | without `appProtocol`: k8s-service-port-unnamed; k8s-service-port-prefix: up to the first `-` a protocol |

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {app: reviews}
  ports:
  - {name: web, port: 80}  # ML129
  - {name: admin, port: 8081, appProtocol: kubernetes.io/h2c}  # ML129
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {app: reviews}
  ports:
  - {name: http-web, port: 80}
  - {name: admin, port: 8081, appProtocol: http2}
```
"""

from meshlint.api import Findings, Service, Severity, rule
from meshlint.model.kubernetes.service import ServicePort
from meshlint.values.protocols import protocol

from ._frame import Faults, fault, findings

_ISTIO = "istio-system"


@rule("ML129", "invalid-kubernetes-object", severity=Severity.WARNING, since="0.1.0", default=False)
def check(service: Service) -> Findings:
    if service.namespace == _ISTIO:
        return
    for port in service.ports:
        if (port.protocol or "").upper() != "UDP":
            yield from findings(service, service_port(port), refuser="`istioctl validate`")


def service_port(port: ServicePort) -> Faults:
    """Rows k8s-service-appprotocol, k8s-service-port-unnamed, k8s-service-port-prefix."""
    advice = "begin the name with the protocol, as in `http-web`, or set `appProtocol`"
    if port.app_protocol is not None:
        reason = protocol(port.app_protocol)
        if reason:
            yield fault(
                port,
                "app_protocol",
                what=f"`appProtocol: {port.app_protocol}`",
                why=reason,
                help="write a protocol as Istio names it, such as `http2`",
            )
    elif not port.name:
        yield fault(port, what=f"port {port.port} without name", why="it says no protocol", help=advice)
    elif protocol(port.name.partition("-")[0]):
        yield fault(
            port,
            "name",
            what=f"port name `{port.name}`",
            why="what stands before its first `-` is no protocol",
            help=advice,
        )
