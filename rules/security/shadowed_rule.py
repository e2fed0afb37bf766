"""A rule of a policy that another rule of it makes superfluous.

The rules of a policy are alternatives: one that takes only what another takes as well changes nothing. Maybe
it was meant to be narrower, or the other is wider than meant
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#AuthorizationPolicy).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces: ["till"]
  - from:  # ML463
    - source:
        namespaces: ["till"]
    to:
    - operation:
        methods: ["GET"]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces: ["till"]
    to:
    - operation:
        methods: ["GET"]
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.mesh.authorization_cover import covers, is_empty

_ENOUGH = 60
"""Rules of a policy that are compared with each other; there is no end of pairs in longer ones."""


@rule("ML463", "shadowed-rule", severity=Severity.INFO, since="0.1.0")
def check(policy: AuthorizationPolicy) -> Findings:
    if len(policy.rules) < 2:
        return
    rules = policy.rules[:_ENOUGH]
    for index, narrow in enumerate(rules):
        for other, wide in enumerate(rules):
            if other == index or is_empty(wide) or not covers(wide, narrow):
                continue
            if index < other and covers(narrow, wide):
                continue  # equal rules: the later one is the superfluous one
            yield finding(
                at(policy, narrow),
                f"rule {other + 1} of this policy takes all that this one takes",
                help="remove this rule, or narrow the other",
                related=[(at(policy, wide), "takes the same, and maybe more")],
            )
            break
