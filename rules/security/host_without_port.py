"""A DENY rule for a host that a port in the request gets around.

A route for `shop.example` takes requests for `shop.example:8080` too, but a policy compares hosts as texts: a
client that writes a port into the `Host` header is not denied. The same holds for `notHosts` of an ALLOW
rule (https://istio.io/latest/docs/ops/best-practices/security/#writing-host-match-policies).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: closed
  namespace: istio-system
spec:
  selector:
    matchLabels:
      istio: ingressgateway
  action: DENY
  rules:
  - to:
    - operation:
        hosts: ["admin.shop.example"]  # ML455
        ports: ["8080"]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: closed
  namespace: istio-system
spec:
  selector:
    matchLabels:
      istio: ingressgateway
  action: DENY
  rules:
  - to:
    - operation:
        hosts: ["admin.shop.example", "admin.shop.example:*"]
        ports: ["8080"]
```
"""

from collections.abc import Iterator

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.mesh.principals import matches
from meshlint.model.security.authorization_policy import Operation

_GUARDS = {"DENY": "hosts", "ALLOW": "not_hosts"}


@rule("ML455", "host-without-port", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy) -> Findings:
    field = _GUARDS.get(policy.action)
    if field is None:
        return
    guarded = [text for entry in policy.rules for item in entry.operations() for text in getattr(item, field) or ()]
    for operation, index, host in _exact(policy, field) if guarded else ():
        if not any(matches(pattern.lower(), f"{host.lower()}:1") for pattern in guarded):
            effect = "is not denied" if policy.action == "DENY" else "is allowed"
            yield finding(
                at(policy, operation, field, index),
                f"a request for `{host}:<port>` reaches the same server and {effect}: hosts are compared as texts",
                help=f"add `{host}:*`",
            )


def _exact(policy: AuthorizationPolicy, field: str) -> Iterator[tuple[Operation, int, str]]:
    for entry in policy.rules:
        for operation in entry.operations():
            for index, host in enumerate(getattr(operation, field) or ()):
                if host and "*" not in host and ":" not in host:
                    yield operation, index, host
