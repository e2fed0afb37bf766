"""Tokens are checked, but not asked for.

A RequestAuthentication refuses requests with a bad token. Those without any token pass, as long as no
AuthorizationPolicy demands one
(https://istio.io/latest/docs/reference/config/security/request_authentication/).

Applications may ask for the token themselves. Reported where AuthorizationPolicies of the pods' namespace or
of the root namespace are in the files, or with `--scope complete`.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens  # ML460
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  jwtRules:
  - issuer: https://login.shop.example
    jwksUri: https://login.shop.example/keys
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: metrics
  namespace: shop
spec:
  action: DENY
  rules:
  - from:
    - source:
        notNamespaces: ["monitoring"]
    to:
    - operation:
        ports: ["9090"]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  jwtRules:
  - issuer: https://login.shop.example
    jwksUri: https://login.shop.example/keys
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: tokens
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  rules:
  - from:
    - source:
        requestPrincipals: ["https://login.shop.example/*"]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
```
"""

from collections.abc import Sequence

from meshlint.api import Answer, Findings, Mesh, RequestAuthentication, Severity, at, finding, rule
from meshlint.mesh.authorization_rules import Http, Request
from meshlint.mesh.workloads import Workload

_WITHOUT_TOKEN = Request(token=None, http=Http(), port=0)
"""On a port that no policy singles out."""


@rule("ML460", "token-not-required", severity=Severity.INFO, since="0.1.0")
def check(authentication: RequestAuthentication, mesh: Mesh) -> Findings:
    spec = authentication.spec
    if spec is None or not spec.jwt_rules or spec.targets:
        return
    for workload in _picked(authentication, mesh):
        # A gateway may ask for claims by its routes instead.
        if mesh.injection.gateway(workload) is not Answer.NO or not mesh.authorization.is_shown(workload.namespace):
            continue
        if mesh.authorization.decide(workload, _WITHOUT_TOKEN).allowed is Answer.YES:
            yield finding(
                at(authentication),
                f"requests without a token reach `{workload.name}`: they are checked, but no policy asks for them",
                help='write an AuthorizationPolicy with `requestPrincipals: ["*"]`, if the application does not ask itself',
                related=[(at(workload.resource), "takes requests without a token")],
            )
            return


def _picked(authentication: RequestAuthentication, mesh: Mesh) -> Sequence[Workload]:
    selector = authentication.spec.selector if authentication.spec else None
    namespaces: set[str | None] = set(mesh.homes(authentication))
    if mesh.settings.root_namespace in namespaces:
        namespaces = {None}
    wanted = selector.wanted if selector else {}
    return [item for namespace in sorted(namespaces, key=str) for item in mesh.selectors.picked(namespace, wanted)]
