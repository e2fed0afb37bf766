"""Prometheus, which has no proxy, scrapes a port that takes mesh mTLS only.

Prometheus calls pods by their addresses and in plain text. Where metrics are merged (the default) it is led to
port 15020, which is outside of mTLS. A port that a ServiceMonitor or a PodMonitor names, or that annotations
name while `prometheus.istio.io/merge-metrics` is `"false"`, is the application's own: STRICT closes the
connection, and the target is down
(<https://istio.io/latest/docs/ops/integrations/prometheus/>).

Reported only where the files hold a Prometheus, and it surely has no proxy; with the mesh's certificates
in its scrape configuration it could do without.

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
apiVersion: apps/v1
kind: Deployment
metadata: {name: prometheus, namespace: shop}
spec:
  selector:
    matchLabels: {app: prometheus}
  template:
    metadata:
      labels: {app: prometheus, sidecar.istio.io/inject: "false"}
    spec:
      containers:
      - name: prometheus
        image: registry.example/prometheus:1.0
        ports: [{containerPort: 9090}]
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
        prometheus.io/scrape: "true"
        prometheus.io/port: "8080"  # ML415
        prometheus.istio.io/merge-metrics: "false"
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
apiVersion: apps/v1
kind: Deployment
metadata: {name: prometheus, namespace: shop}
spec:
  selector:
    matchLabels: {app: prometheus}
  template:
    metadata:
      labels: {app: prometheus, sidecar.istio.io/inject: "false"}
    spec:
      containers:
      - name: prometheus
        image: registry.example/prometheus:1.0
        ports: [{containerPort: 9090}]
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
        prometheus.io/scrape: "true"
        prometheus.io/port: "8080"
        prometheus.istio.io/merge-metrics: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
```
"""

from meshlint.api import Findings, Generic, Mesh, Severity, Workload, at, finding, rule

from ._strict import refusing, strict_end


@rule("ML415", "scrape-of-strict-port", severity=Severity.WARNING, since="0.1.0")
def check(resource: Workload | Generic, mesh: Mesh) -> Findings:
    scraper = mesh.scrapes.bare_scraper if mesh.of_class("PeerAuthentication") else None
    for scrape in mesh.scrapes.asked_by(resource) if scraper else ():
        policies = refusing(scrape.workload, scrape.port, scrape.place.resource, mesh)
        if scraper is not None and policies and mesh.trust.may_conflict(scraper.resource, scrape.place.resource):
            yield finding(
                scrape.place,
                f"`{scraper.name}` has no proxy and scrapes port {scrape.port} of {scrape.workload.kind} "
                f"`{scrape.workload.name}`, which is STRICT: the target is down",
                help="merge the metrics into the proxy's (port 15020), or leave the port PERMISSIVE with `portLevelMtls`",
                related=[strict_end(policies[0]), (at(scraper.resource), "Prometheus")],
            )
