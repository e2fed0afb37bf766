"""One operation that a stray `-` has made two.

The entries of `to` are alternatives: one with methods only beside one with paths only takes that method on
every path, and every method on that path. A call that has to be both belongs into one `operation`
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule).

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
    to:
    - operation:
        methods: ["GET"]
    - operation:  # ML451
        paths: ["/stock/*"]
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
        paths: ["/stock/*"]
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.model.security.authorization_policy import Operation


@rule("ML451", "split-operation", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy) -> Findings:
    for entry in policy.rules:
        operations = entry.operations() if entry.to and len(entry.to) == 2 else ()
        if len(operations) != 2:
            continue
        fields = [_fields(operation) for operation in operations]
        if {"methods", "paths"} == {*fields[0], *fields[1]} and len(fields[0]) == len(fields[1]) == 1:
            first, second = fields[0][0], fields[1][0]
            yield finding(
                at(policy, (entry.to or ())[1], "operation"),
                f"the entries of `to` are alternatives: these `{second}` with any of the {first}, "
                f"and those {first} with any of the {second}",
                help=f"write `{second}` into the same `operation` as `{first}`",
                related=[(at(policy, operations[0], first), "the other half")],
            )


def _fields(operation: Operation) -> list[str]:
    return [name for name in Operation.__struct_fields__ if getattr(operation, name)]
