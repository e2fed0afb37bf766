"""An Ingress of a controller without a proxy leads to a server that takes mesh mTLS only.

Controllers other than Istio's call the pods in plain text. A STRICT server closes these connections, and
clients from outside get 502 or 503
(<https://github.com/istio/istio/issues/24668>). Either the controller's pods get a sidecar, or the requests
come in through a gateway of Istio.

The controller is known by the class: its pods are in the files, and surely have no proxy.

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
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-nginx, namespace: ingress}
spec:
  selector:
    matchLabels: {app.kubernetes.io/name: ingress-nginx}
  template:
    metadata:
      labels: {app.kubernetes.io/name: ingress-nginx, sidecar.istio.io/inject: "false"}
    spec:
      containers:
      - name: controller
        image: registry.example/ingress-nginx:1.0
        ports: [{containerPort: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: stock
  namespace: shop
spec:
  ingressClassName: nginx
  rules:
  - host: stock.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: stock  # ML412
            port: {number: 80}
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
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-nginx, namespace: ingress}
spec:
  selector:
    matchLabels: {app.kubernetes.io/name: ingress-nginx}
  template:
    metadata:
      labels: {app.kubernetes.io/name: ingress-nginx, sidecar.istio.io/inject: "true"}
    spec:
      containers:
      - name: controller
        image: registry.example/ingress-nginx:1.0
        ports: [{containerPort: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: stock
  namespace: shop
spec:
  ingressClassName: nginx
  rules:
  - host: stock.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: stock
            port: {number: 80}
```
"""

from meshlint.api import Answer, Findings, Ingress, Mesh, PeerAuthentication, Severity, at, finding, rule

from ._strict import refused_call, strict_end


@rule("ML412", "foreign-ingress-to-strict-server", severity=Severity.ERROR, since="0.1.0")
def check(ingress: Ingress, mesh: Mesh) -> Findings:
    for call in mesh.outsiders.shown_by(ingress) if mesh.all(PeerAuthentication) else ():
        if call.workload is None or call.in_mesh is not Answer.NO:
            continue
        refused = refused_call(call, mesh)
        if refused is not None and mesh.trust.may_conflict(call.workload.resource, call.place.resource):
            server, port, policies = refused
            yield finding(
                call.place,
                f"{call.who} has no proxy, and port {port} of {server.kind} `{server.name}` is STRICT: "
                "it closes the controller's connections",
                help="give the controller's pods a sidecar, or leave the port PERMISSIVE with `portLevelMtls`",
                related=[strict_end(policies[0]), (at(call.workload.resource), "the controller")],
            )
