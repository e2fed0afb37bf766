"""A webhook or an aggregated API is served by a port that takes mesh mTLS only.

The API server is no part of the mesh: it calls the Service of a webhook (or of an APIService) with TLS, but
without an identity of the mesh. A STRICT port closes the connection; the webhook fails, and with
`failurePolicy: Fail` nothing that it watches can be created or changed any more
(<https://github.com/istio/istio/issues/39290>, in ambient mode <https://github.com/istio/istio/issues/52874>).

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
metadata: {name: guard, namespace: shop}
spec:
  selector: {app: guard}
  ports:
  - {name: https, port: 443, targetPort: 8443}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: guard, namespace: shop}
spec:
  selector:
    matchLabels: {app: guard}
  template:
    metadata:
      labels: {app: guard}
    spec:
      containers:
      - name: guard
        image: registry.example/guard:1.0
        ports: [{containerPort: 8443}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: guard.shop.example
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig:
    service:
      namespace: shop
      name: guard  # ML413
  rules:
  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
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
metadata: {name: guard, namespace: shop}
spec:
  selector: {app: guard}
  ports:
  - {name: https, port: 443, targetPort: 8443}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: guard, namespace: shop}
spec:
  selector:
    matchLabels: {app: guard}
  template:
    metadata:
      labels: {app: guard}
    spec:
      containers:
      - name: guard
        image: registry.example/guard:1.0
        ports: [{containerPort: 8443}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
- name: guard.shop.example
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig:
    service:
      namespace: shop
      name: guard
  rules:
  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: guard, namespace: shop}
spec:
  selector:
    matchLabels: {app: guard}
  portLevelMtls:
    8443: {mode: DISABLE}
```
"""

from meshlint.api import (
    APIService,
    CustomResourceDefinition,
    Findings,
    Mesh,
    MutatingWebhookConfiguration,
    PeerAuthentication,
    Severity,
    ValidatingWebhookConfiguration,
    finding,
    rule,
)

from ._strict import refused_call, strict_end


@rule("ML413", "api-server-to-strict-server", severity=Severity.ERROR, since="0.1.0")
def check(
    resource: ValidatingWebhookConfiguration | MutatingWebhookConfiguration | APIService | CustomResourceDefinition,
    mesh: Mesh,
) -> Findings:
    for call in mesh.outsiders.shown_by(resource) if mesh.all(PeerAuthentication) else ():
        refused = refused_call(call, mesh)
        if refused is not None:
            server, port, policies = refused
            yield finding(
                call.place,
                f"the API server calls port {port} of {server.kind} `{server.name}`, which is STRICT: "
                "the connection is closed, as the API server has no identity of the mesh",
                help=f"take the port out of STRICT: a PeerAuthentication for the workload with `portLevelMtls: {{{port}: "
                "{mode: PERMISSIVE}}`",
                related=[strict_end(policies[0])],
            )
