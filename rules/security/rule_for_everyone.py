"""An ALLOW rule for every request, beside rules that are meant to choose.

The rules and policies of ALLOW are alternatives. Beside an empty rule (`rules: [{}]`) all others for the same
pods do nothing, wherever they stand
(https://istio.io/latest/docs/concepts/security/#allow-nothing-deny-all-and-allow-all-policy).

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
  - {}  # ML452
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
```
"""

from itertools import islice

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.authorization import is_enforced
from meshlint.mesh.authorization_cover import is_empty
from meshlint.model.security.authorization_policy import Rule

_ENOUGH = 50
"""Other policies that are looked at: one is enough for a finding."""


@rule("ML452", "rule-for-everyone", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    open_rule = next((item for item in policy.rules if is_empty(item)), None)
    if open_rule is None or policy.action != "ALLOW" or not is_enforced(policy):
        return
    beside = next(((policy, item) for item in policy.rules if not is_empty(item)), None) or _elsewhere(policy, mesh)
    if beside:
        owner, idle = beside
        where = "of this policy" if owner is policy else f"of `{owner.name}`"
        yield finding(
            at(policy, open_rule),
            f"this rule allows every request, so that the other rules for the same pods (as the one {where}) do nothing",
            help="remove the empty rule, or the others; to refuse single requests, write a policy with `action: DENY`",
            related=[(at(owner, idle), "this rule does nothing")],
        )


def _elsewhere(policy: AuthorizationPolicy, mesh: Mesh) -> tuple[AuthorizationPolicy, Rule] | None:
    """A rule of another ALLOW policy that is about no other pods than this one."""
    for other in islice(mesh.authorization.within(policy), _ENOUGH):
        if other is not policy and other.action == "ALLOW" and mesh.trust.may_conflict(policy, other):
            for item in other.rules:
                if not is_empty(item):
                    return other, item
    return None
