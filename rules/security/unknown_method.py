"""A method that no request has.

Methods are compared as texts, with regard to case: `get` matches no request. For gRPC every call is a `POST`,
and its method is the path, `/package.Service/Method`
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation).

Methods beyond those of HTTP itself (`PROPFIND`, `PURGE`) are possible and not reported.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - to:
    - operation:
        methods:
        - get  # ML457
        - DELET  # ML457
        - /shop.Stock/Read  # ML457
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
  - to:
    - operation:
        methods: ["GET", "DELETE", "PROPFIND"]
    - operation:
        methods: ["POST"]
        paths: ["/shop.Stock/Read"]
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.suggest import nearest

from ._policies import values

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE")
_SPELLED_ALIKE = "TRACK"
"""A method that exists although it is a slip away from one of HTTP."""

_FINE = frozenset({*_METHODS, _SPELLED_ALIKE, "", "*"})


@rule("ML457", "unknown-method", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0102",))
def check(policy: AuthorizationPolicy) -> Findings:
    for message, field, index, text in values(policy, ("methods", "not_methods")):
        reason = None if text in _FINE else _reason(text)
        if reason:
            yield finding(
                at(policy, message, field, index), f"no request has the method `{text}`: {reason}", help=_advice(text)
            )


def _reason(text: str) -> str | None:
    if "/" in text:
        return "gRPC calls are a `POST`, and their method is the path"
    if text != text.upper():
        return "methods are compared with regard to case"
    return "it is probably a slip" if "*" not in text and nearest(text, _METHODS) else None


def _advice(text: str) -> str:
    if "/" in text:
        return f'write `methods: ["POST"]` and `paths: ["/{text.lstrip("/")}"]`'
    return f"write `{text.upper() if '*' in text else nearest(text, _METHODS) or text.upper()}`"
