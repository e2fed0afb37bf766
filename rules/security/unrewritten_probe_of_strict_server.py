"""A health check of the kubelet meets a port that takes mesh mTLS only.

The kubelet has no identity of the mesh. The injector therefore leads HTTP and gRPC checks to the agent, which
asks the application itself. Where that is switched off, by the annotation
`sidecar.istio.io/rewriteAppHTTPProbers: "false"` or for the whole installation, STRICT closes the kubelet's
connection: pods never become ready, or are restarted again and again
(<https://istio.io/latest/docs/ops/configuration/mesh/app-health-check/>).

TCP checks pass in any mode, since the proxy accepts the connection; ports that are kept from the proxy are not
reported.

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
      annotations:
        sidecar.istio.io/rewriteAppHTTPProbers: "false"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080  # ML416
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
      annotations:
        sidecar.istio.io/rewriteAppHTTPProbers: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080
```
"""

from meshlint.api import Answer, Findings, Mesh, Severity, Workload, finding, rule

from ._strict import refusing, strict_end


@rule("ML416", "unrewritten-probe-of-strict-server", severity=Severity.ERROR, since="0.1.0")
def check(resource: Workload, mesh: Mesh) -> Findings:
    if not mesh.of_class("PeerAuthentication"):
        return
    bare = [item for item in mesh.workloads.of_resource(resource) if not mesh.injection.rewrites_probes(item)]
    if not bare:
        return
    from meshlint.mesh.probes import unshielded

    said: set[int] = set()
    for workload in bare:
        if mesh.injection.sidecar(workload) is not Answer.YES:
            continue
        for probe in unshielded(workload, mesh):
            policies = refusing(workload, probe.port, resource, mesh)
            if policies and id(probe.place.object) not in said:
                said.add(id(probe.place.object))
                yield finding(
                    probe.place,
                    f"the kubelet's {probe.kind} check is not rewritten, and port {probe.port} is STRICT: it closes the "
                    "kubelet's connections",
                    help='remove `sidecar.istio.io/rewriteAppHTTPProbers: "false"`, so that the agent answers the check',
                    related=[strict_end(policies[0])],
                )
