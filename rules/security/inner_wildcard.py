"""A `*` that is compared as a plain character.

In the values of an AuthorizationPolicy a `*` is a wildcard as the whole value, at its end or at its
beginning, and only one of these. Elsewhere it is a character like any other: `/orders/*/items` is
that very path, which nobody calls, so an ALLOW rule gives 403 and a DENY rule lets everything through.
Paths have templates for it since Istio 1.22, `/orders/{*}/items`
(<https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation>).

Reported of `hosts`, `methods`, `paths`, their `not` twins, and of conditions on headers, claims and SNI.
`namespaces` may have a `*` anywhere; ML453 is about `principals`.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: items
  namespace: shop
spec:
  rules:
  - to:
    - operation:
        methods: [GET]
        paths: ["/orders/*/items"]  # ML433
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: items
  namespace: shop
spec:
  rules:
  - to:
    - operation:
        methods: [GET]
        paths: ["/orders/{*}/items"]
```
"""

from collections.abc import Iterator

import msgspec

from meshlint.api import AuthorizationPolicy, Findings, Severity, Target, at, finding, is_before, rule
from meshlint.model.security.authorization_policy import Condition, Rule
from meshlint.values.path_templates import is_template

_OF_OPERATIONS = ("hosts", "not_hosts", "methods", "not_methods", "paths", "not_paths")
_OF_CONDITIONS = ("values", "not_values")
_KEYS = ("request.headers[", "request.auth.claims[", "connection.sni")


@rule("ML433", "inner-wildcard", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, target: Target) -> Findings:
    for given in policy.rules:
        for holder, attribute, values in _compared(given):
            for index, value in enumerate(values):
                if "*" in value[:-1] and _plain(value):
                    templates = attribute.endswith("paths") and not is_before(target.istio, "1.22")
                    yield finding(
                        at(policy, holder, attribute, index),
                        f"the `*` inside of `{value}` is a plain character, so next to nothing matches it",
                        help=_template(value) if templates else "write `*` at one end only, or list the values",
                    )


def _compared(given: Rule) -> Iterator[tuple[msgspec.Struct, str, tuple[str, ...]]]:
    """The lists whose values are texts with a wildcard at one end: holder, attribute and values."""
    for operation in given.operations():
        for attribute in _OF_OPERATIONS:
            if values := getattr(operation, attribute):
                yield operation, attribute, values
    for condition in given.when or ():
        if _is_text(condition):
            for attribute in _OF_CONDITIONS:
                yield condition, attribute, getattr(condition, attribute) or ()


def _is_text(condition: Condition) -> bool:
    return (condition.key or "").startswith(_KEYS)


def _plain(value: str) -> bool:
    """Whether there is a `*` besides the one at an end."""
    return "*" in (value[1:] if value.startswith("*") else value[:-1]) and not is_template(value)


def _template(path: str) -> str:
    segments = ["{*}" if segment == "*" else segment for segment in path.split("/")]
    if segments[-1] == "{*}":
        segments[-1] = "{**}"
    written = "/".join(segments)
    if "*" in written.replace("{*}", "").replace("{**}", ""):
        return "write `*` at one end only, or a template of whole segments, such as `/orders/{*}/items`"
    return f"write `{written}`: `{{*}}` is one segment, `{{**}}` any number at the end"
