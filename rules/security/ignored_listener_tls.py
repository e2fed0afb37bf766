"""TLS of a Sidecar's listener that is not in force.

`tls` of an ingress listener is read only where istiod runs with `ENABLE_TLS_ON_SIDECAR_INGRESS`, and only for a port
whose mTLS mode is DISABLE (`pilot/pkg/networking/core/listener_inbound.go`,
<https://istio.io/latest/docs/tasks/traffic-management/ingress/ingress-sidecar-tls-termination/>). Else the proxy keeps
to the mode of the port: under STRICT clients with TLS of their own are refused, under PERMISSIVE their TLS reaches the
application as it is.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  mtls: {mode: STRICT}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.0
        ports: [{containerPort: 8443}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: web, namespace: shop}
spec:
  workloadSelector:
    labels: {app: web}
  ingress:
  - port: {number: 8443, protocol: HTTPS, name: https}
    defaultEndpoint: 127.0.0.1:8080
    tls:  # ML469
      mode: SIMPLE
      serverCertificate: /etc/certs/tls.crt
      privateKey: /etc/certs/tls.key
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  mtls: {mode: STRICT}
  portLevelMtls:
    8443: {mode: DISABLE}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.0
        ports: [{containerPort: 8443}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: web, namespace: shop}
spec:
  workloadSelector:
    labels: {app: web}
  ingress:
  - port: {number: 8443, protocol: HTTPS, name: https}
    defaultEndpoint: 127.0.0.1:8080
    tls:
      mode: SIMPLE
      serverCertificate: /etc/certs/tls.crt
      privateKey: /etc/certs/tls.key
```
"""

from meshlint.api import Answer, Findings, Mesh, Place, Severity, Sidecar, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.workloads import Workload


@rule("ML469", "ignored-listener-tls", severity=Severity.WARNING, since="0.1.0")
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    listeners = [item for item in (sidecar.spec.ingress if sidecar.spec else None) or () if item.tls is not None]
    workloads = _picked(sidecar, mesh) if listeners else ()
    for listener in listeners:
        number = listener.port.number if listener.port else None
        if number and workloads and all(_is_ignored(item, number, sidecar, mesh) for item in workloads):
            mode = mesh.mtls.server.of_workload(workloads[0], number)
            shown = " or ".join(item.value for item in mode.possible)
            met = "plain text" if shown == "DISABLE" else "mesh mTLS"
            related: list[tuple[Place, str]] = [(at(policy), "the mode") for policy in mode.policies]
            yield finding(
                at(sidecar, listener, "tls"),
                f"`tls` is not in force at port {number}, whose mTLS mode is {shown}: clients meet {met}",
                help=f"switch mTLS off for the port (`portLevelMtls: {{{number}: {{mode: DISABLE}}}}` in a PeerAuthentication of "
                "the workload) and run istiod with `ENABLE_TLS_ON_SIDECAR_INGRESS`, or lead clients through a gateway",
                related=related,
            )


def _picked(sidecar: Sidecar, mesh: Mesh) -> list[Workload]:
    """The workloads with a sidecar that a Sidecar is about."""
    selector = sidecar.spec.workload_selector if sidecar.spec else None
    homes = mesh.homes(sidecar)
    found = [item for home in homes for item in mesh.selectors.picked(home, selector.wanted if selector else {})]
    return [item for item in found if mesh.injection.sidecar(item) is not Answer.NO]


def _is_ignored(workload: Workload, port: int, sidecar: Sidecar, mesh: Mesh) -> bool:
    """Whether policies surely leave mTLS on; the default is no evidence, as a policy may be in no file."""
    mode = mesh.mtls.server.of_workload(workload, port)
    sure = mode.is_written or mesh.context.scope is Scope.COMPLETE
    together = all(mesh.trust.may_conflict(policy, sidecar) for policy in mode.policies)
    ignored = mesh.mtls.honours_ingress_tls(workload, port) is Answer.NO
    return sure and together and ignored and not mode.is_clouded and mesh.injection.sidecar(workload) is Answer.YES
