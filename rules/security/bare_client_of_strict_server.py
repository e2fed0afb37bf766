"""A workload without a proxy calls a server that takes mesh mTLS only.

Pods without a sidecar (and outside of ambient mode) send plain text. The proxy of a STRICT server closes
such connections: the client sees a reset, whatever policies allow
(<https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/>).

A call counts as shown where an environment variable, an argument, or a ConfigMap that no other workload reads,
names the Service as an address: with a scheme, with a port, or with its full host. The client surely has no proxy
(`sidecar.istio.io/inject: "false"`, `istio-injection: disabled`, `hostNetwork`), the server surely has one,
and every port of the Service that may be meant is STRICT.

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
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          labels: {app: nightly, sidecar.istio.io/inject: "false"}
        spec:
          restartPolicy: Never
          containers:
          - name: nightly
            image: registry.example/nightly:1.0
            env:
            - name: STOCK_URL
              value: http://stock:80/report  # ML411
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
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          labels: {app: nightly, sidecar.istio.io/inject: "true"}
        spec:
          restartPolicy: Never
          containers:
          - name: nightly
            image: registry.example/nightly:1.0
            env:
            - name: STOCK_URL
              value: http://stock:80/report
```
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, Workload, at, finding, rule

from ._strict import refusing, strict_end

if TYPE_CHECKING:
    from meshlint.api import PeerAuthentication
    from meshlint.mesh.callers import Call
    from meshlint.mesh.services import Selecting


@rule("ML411", "bare-client-of-strict-server", severity=Severity.ERROR, since="0.1.0")
def check(resource: Workload, mesh: Mesh) -> Findings:
    outside = mesh.injection.outside if mesh.of_class("PeerAuthentication") else ()
    clients = [item for item in mesh.workloads.of_resource(resource) if item in outside] if outside else ()
    if not clients:
        return
    from meshlint.mesh.callers import Evidence

    sure = {Evidence.SETTING, Evidence.CONFIG}
    said: set[Selecting] = set()
    for client in clients:
        for call in mesh.callers.of_client(client):
            policies = () if call.service in said or call.evidence not in sure else _refused(call, mesh)
            if policies:
                said.add(call.service)
                reason = mesh.injection.state(client).reason
                yield finding(
                    call.place,
                    f"{client.kind} `{client.name}` has no proxy because of {reason}, and calls `{call.text}`, which is STRICT: "
                    "its connections are closed",
                    help="bring the client into the mesh, or leave the port PERMISSIVE with `portLevelMtls`",
                    related=[strict_end(policies[0]), (at(client.resource), "the client that has no proxy")],
                )


def _refused(call: "Call", mesh: Mesh) -> "Sequence[PeerAuthentication]":
    """The policies that refuse the call, on every port that may be meant; none where some endpoint may take it."""
    found: list[PeerAuthentication] = []
    for port in call.ports:
        endpoints = mesh.mtls.client.endpoints.of_port(call.service, port) or ()
        refusals = [
            refusing(item.workload, item.port, call.client.resource, mesh)
            for item in endpoints
            if item.workload is not None and item.port is not None
        ]
        if not refusals or not all(refusals) or len(refusals) < len(endpoints):
            return ()
        found += refusals[0]
    return found
