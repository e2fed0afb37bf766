"""A workload calls a service that its Sidecar hides from it.

A Sidecar lists the hosts a workload's proxy knows. What it leaves out is called around the mesh: the
connection goes to the address it was sent to, without routes, policies and mesh mTLS (a STRICT
server closes it), or gets 502 where only known hosts may be called
(<https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener>, `hosts`).

Calls are read from settings of the containers: environment variables, arguments, ConfigMaps.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  egress:
  - hosts: ["./*", "istio-system/*"]
---
apiVersion: v1
kind: Service
metadata: {name: payments, namespace: billing}
spec:
  selector: {app: payments}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, sidecar.istio.io/inject: "true"}}
    spec:
      containers:
      - name: web
        image: web
        env:
        - name: PAYMENTS_URL
          value: http://payments.billing.svc.cluster.local  # ML283
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  egress:
  - hosts: ["./*", "istio-system/*", "billing/payments.billing.svc.cluster.local"]
```
"""

from meshlint.api import Answer, Findings, Mesh, Service, Severity, at, finding, rule


@rule("ML283", "called-service-hidden", severity=Severity.WARNING, since="0.1.0")
def check(mesh: Mesh) -> Findings:
    if not mesh.of_class("Sidecar"):
        return
    from meshlint.api import Sidecar
    from meshlint.mesh.callers import Evidence

    said: set[tuple[object, object]] = set()
    for call in mesh.callers.all:
        service, client = call.service, call.client
        if call.evidence is not Evidence.SETTING or not isinstance(service, Service) or (client, service) in said:
            continue
        said.add((client, service))
        home = mesh.namespace(service)
        host = f"{service.name}.{home}.svc.{mesh.settings.cluster_domain}"
        if mesh.sidecars.sees(client.namespace, host, client.labels) is not Answer.NO:
            continue
        if mesh.injection.sidecar(client) is not Answer.YES:
            continue
        sidecars = [
            item for item in mesh.sidecars.for_workload(client.namespace, client.labels) if isinstance(item, Sidecar)
        ]
        name = sidecars[0].name if sidecars else ""
        yield finding(
            call.place,
            f"`{client.name}` calls `{home}/{service.name}`, but Sidecar `{name}` does not import it: the call bypasses the mesh",
            help=f"add `{home}/{host}` to `egress[].hosts` of the Sidecar",
            related=[(at(item, item.spec, "egress").key(), "the hosts that are imported") for item in sidecars[:1]],
        )
