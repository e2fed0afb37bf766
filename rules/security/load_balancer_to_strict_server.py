"""A LoadBalancer leads from outside straight to a server that takes mesh mTLS only.

Whoever comes in through the address of a LoadBalancer (or through `externalIPs`) has no proxy of the mesh.
A STRICT server closes such connections, so that the address serves nobody
(<https://istio.io/latest/docs/reference/config/security/peer_authentication/>). The way in is a gateway.

Gateways of Istio are what a LoadBalancer is for; they are not reported. Where the clients are proxies of
another cluster, ignore this rule for the Service.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: STRICT}
---
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
  type: LoadBalancer  # ML414
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
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: STRICT}
---
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
  type: ClusterIP
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
```
"""

from meshlint.api import Findings, Mesh, Service, Severity, finding, rule

from ._strict import refused_call, strict_end


@rule("ML414", "load-balancer-to-strict-server", severity=Severity.WARNING, since="0.1.0")
def check(service: Service, mesh: Mesh) -> Findings:
    outside = mesh.outsiders.of_service(service) if mesh.of_class("PeerAuthentication") else ()
    if not outside:
        return
    from meshlint.mesh.outsiders import Outsider

    calls = [call for call in outside if call.outsider is Outsider.LOAD_BALANCER]
    refusals = [refused_call(call, mesh) for call in calls]
    refused = [item for item in refusals if item is not None]
    if not refused or len(refused) < len(refusals):
        return
    server, port, policies = refused[0]
    yield finding(
        calls[0].place,
        f"clients from outside reach port {port} of {server.kind} `{server.name}`, which is STRICT and closes their "
        "connections",
        help="lead them through a gateway of Istio, or leave the port PERMISSIVE with `portLevelMtls`",
        related=[strict_end(policies[0])],
    )
