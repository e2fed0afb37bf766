"""Fields that do not go together, or a value that breaks a rule of its kind.

Besides types and required fields a kind has constraints over several fields: of some fields only
one may be set, names in a list must differ, a port must be a port. They are part of the resource
definitions of Istio and the Gateway API, so the API server refuses what breaks one, whether istiod
runs or not.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  jwtRules:
  - issuer: https://issuer.example.com
    jwksUri: https://issuer.example.com/keys
    jwks: "{}"  # ML104
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  jwtRules:
  - issuer: https://issuer.example.com
    jwksUri: https://issuer.example.com/keys
```
"""

from meshlint.api import BrokenConstraint, Findings, Severity, finding, rule
from meshlint.mesh.placeholders import is_placeholder


@rule("ML104", "broken-constraint", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(problem: BrokenConstraint) -> Findings:
    if isinstance(problem.value, str) and is_placeholder(problem.value):
        return  # `${TIMEOUT}`: whoever fills it in knows the value
    yield finding(
        problem.spot,
        f"{problem.message}: the API server refuses this {problem.kind}",
        help=problem.help or "correct the value, or remove it",
    )
