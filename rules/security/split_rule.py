"""One rule that a stray `-` has made two.

The rules of a policy are alternatives: one that names callers only, followed by one that names calls only,
lets those callers do everything and everybody do those calls. Mostly the two were meant to be one rule, and
the `-` before `to` should not be there
(https://istio.io/latest/docs/ops/common-problems/security-issues/).

Calls that are narrowed by paths or ports (a health check, metrics) are often open to everybody on purpose
and not reported.

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
  - to:  # ML450
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

from itertools import pairwise

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.model.security.authorization_policy import Rule


@rule("ML450", "split-rule", severity=Severity.INFO, since="0.1.0")
def check(policy: AuthorizationPolicy) -> Findings:
    if policy.action != "ALLOW":
        return
    for callers, calls in pairwise(policy.rules):
        if _names_callers_only(callers) and _names_wide_calls_only(calls):
            yield finding(
                at(policy, calls, "to"),
                "this rule holds for every caller, and the rule before it for every call: rules are alternatives",
                help="remove the `-` before `to` if only those callers may do this",
                related=[(at(policy, callers, "from_"), "these callers may do everything")],
            )


def _names_callers_only(given: Rule) -> bool:
    return bool(given.from_) and not given.to and not given.when


def _names_wide_calls_only(given: Rule) -> bool:
    narrow = any(operation.paths or operation.ports or operation.hosts for operation in given.operations())
    return bool(given.to) and not given.from_ and not given.when and not narrow
