"""A port of a Service as the key of `portLevelMtls`.

The keys are ports of the *workload*, those that its containers listen on. The port of a Service that
leads to another port of the pods is none of them: the entry sets nothing, and the port that was meant
keeps the mode of the workload
(<https://istio.io/latest/docs/reference/config/security/peer_authentication/>).

Nothing is said where a container of some workload that the policy picks lists the port, or where some
Service leads to it.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec:
  selector: {app: stock}
  ports:
  - {name: http, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock, namespace: shop}
spec:
  selector:
    matchLabels: {app: stock}
  template:
    metadata:
      labels: {app: stock}
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: stock, namespace: shop}
spec:
  selector:
    matchLabels: {app: stock}
  mtls: {mode: STRICT}
  portLevelMtls:
    80:  # ML406
      mode: DISABLE
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec:
  selector: {app: stock}
  ports:
  - {name: http, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock, namespace: shop}
spec:
  selector:
    matchLabels: {app: stock}
  template:
    metadata:
      labels: {app: stock}
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: stock, namespace: shop}
spec:
  selector:
    matchLabels: {app: stock}
  mtls: {mode: STRICT}
  portLevelMtls:
    8080:
      mode: DISABLE
```
"""

from meshlint.api import Findings, Mesh, PeerAuthentication, Severity, at, finding, rule
from meshlint.mesh.exceptions import lost_ports


@rule("ML406", "service-port-in-port-level-mtls", severity=Severity.WARNING, since="0.1.0")
def check(policy: PeerAuthentication, mesh: Mesh) -> Findings:
    for lost in lost_ports(policy, mesh):
        if mesh.trust.may_conflict(policy, lost.service):
            yield finding(
                at(policy, policy.spec, "port_level_mtls", lost.key).key(),
                f"{lost.key} is the port of Service `{lost.service.name}`, not of the pods: this entry sets nothing",
                help=f"write `{lost.target}`, the port that the Service leads to",
                related=[(at(lost.service), f"leads {lost.key} to {lost.target}")],
            )
