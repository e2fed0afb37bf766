"""A ReferenceGrant for a namespace that does not exist.

It grants nothing to anybody
(https://gateway-api.sigs.k8s.io/api-types/referencegrant/).

Reported where a Namespace of the files has nearly that name; with `--scope complete`, wherever none has it.

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: shop
  namespace: warehouse
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: front-end  # ML564
  to:
  - group: ""
    kind: Service
---
apiVersion: v1
kind: Namespace
metadata:
  name: frontend
  labels:
    istio-injection: enabled
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata:
  name: shop
  namespace: warehouse
spec:
  from:
  - group: gateway.networking.k8s.io
    kind: HTTPRoute
    namespace: frontend
  to:
  - group: ""
    kind: Service
---
apiVersion: v1
kind: Namespace
metadata:
  name: frontend
  labels:
    istio-injection: enabled
```
"""

from meshlint.api import Findings, Mesh, Severity, at, finding, gateway_api, rule


@rule("ML564", "grant-for-unknown-namespace", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA1601",))
def check(grant: gateway_api.ReferenceGrant, mesh: Mesh) -> Findings:
    for source in (grant.spec.from_ if grant.spec else None) or ():
        if not source.namespace or "*" in source.namespace:
            continue
        outcome = mesh.namespaces.resolve(source.namespace, grant)
        if outcome.is_missing:
            yield finding(
                at(grant, source, "namespace"),
                f"there is no namespace `{source.namespace}`: this grant is for nobody",
                help=f"did you mean `{outcome.near}`?" if outcome.near else "correct the name, or remove the entry",
            )
