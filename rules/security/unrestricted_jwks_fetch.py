"""An istiod that fetches keys from any address.

istiod itself fetches the `jwksUri` of RequestAuthentications. Whoever may write one can make it ask
internal addresses, such as the metadata service of a cloud. `BLOCKED_CIDRS_IN_JWKS_URIS` names ranges
that it does not ask (https://istio.io/latest/docs/reference/config/analysis/ist0175/).

Reported where the files hold istiod's Deployment and a RequestAuthentication whose keys are fetched.
Silent where the variable comes from a ConfigMap or a Secret. `istioctl analyze`, and so
`--scope complete`, looks at neither.

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod
  namespace: istio-system
  labels:
    app: istiod
spec:
  selector:
    matchLabels:
      app: istiod
  template:
    metadata:
      labels:
        app: istiod
    spec:
      containers:
      - name: discovery
        image: registry.example/pilot:1.30.0
        env:  # ML442
        - name: LOG_LEVEL
          value: info
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/keys
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod
  namespace: istio-system
  labels:
    app: istiod
spec:
  selector:
    matchLabels:
      app: istiod
  template:
    metadata:
      labels:
        app: istiod
    spec:
      containers:
      - name: discovery
        image: registry.example/pilot:1.30.0
        env:
        - name: BLOCKED_CIDRS_IN_JWKS_URIS
          value: 169.254.0.0/16,127.0.0.0/8
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/keys
```
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from meshlint.api import Deployment, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.model.kubernetes.pod import Container

if TYPE_CHECKING:
    from meshlint.api import RequestAuthentication

_VARIABLE = "BLOCKED_CIDRS_IN_JWKS_URIS"


@rule("ML442", "unrestricted-jwks-fetch", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0175",))
def check(deployment: Deployment, mesh: Mesh) -> Findings:
    template = deployment.pod_template if deployment.labels.get("app") == "istiod" else None
    if template is None or template.spec is None:
        return
    complete = mesh.context.scope is Scope.COMPLETE
    every: Sequence[RequestAuthentication] = mesh.of_class("RequestAuthentication")
    policies = [item for item in every if complete or _is_fetching(item)]
    containers = template.spec.containers or ()
    restricted = _is_written(containers) or (not complete and _is_from_elsewhere(containers))
    if not policies or restricted or not containers:
        return
    box = next((item for item in containers if item.name == "discovery"), containers[0])
    yield finding(
        at(deployment, box, "env"),
        f"istiod fetches keys for {len(policies)} RequestAuthentication{'s' if len(policies) > 1 else ''} "
        "from any address they name, internal ones too",
        help=f"set `{_VARIABLE}`, for example to `169.254.0.0/16,127.0.0.0/8`",
        related=[(at(policies[0]), "keys are fetched for this one")],
    )


def _is_fetching(policy: "RequestAuthentication") -> bool:
    """Whether some keys of a policy are not written down in it."""
    return any(not rule_.jwks for rule_ in (policy.spec and policy.spec.jwt_rules) or ())


def _is_written(containers: Iterable[Container]) -> bool:
    return any(item.name == _VARIABLE and item.value for box in containers for item in box.env or ())


def _is_from_elsewhere(containers: Iterable[Container]) -> bool:
    """Whether the ranges may come from a ConfigMap or a Secret."""
    variables = (item for box in containers for item in box.env or ())
    return any(box.env_from for box in containers) or any(
        item.name == _VARIABLE and item.value_from for item in variables
    )
