"""A principal that no identity can match.

An identity has the form `<trust domain>/ns/<namespace>/sa/<service account>`. A principal is compared with it
as a text: the whole, or with one `*` at its beginning or its end. istiod puts `spiffe://` before it by
itself, and a `*` elsewhere is no wildcard. So the rule never matches: callers get 403, or a DENY policy
lets them in
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source).

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
        principals:
        - spiffe://cluster.local/ns/till/sa/till  # ML453
        - cluster.local/ns/*/sa/till  # ML453
        - till  # ML453
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
        principals:
        - cluster.local/ns/till/sa/till
        - "*/sa/cleaner"
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule
from meshlint.mesh.principals import SCHEME, is_well_formed

from ._policies import values


@rule(
    "ML453",
    "malformed-principal",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("KIA0106",),
    covers=("ML404",),
)
def check(policy: AuthorizationPolicy) -> Findings:
    for message, field, index, text in values(policy, ("principals", "not_principals"), "source.principal"):
        # Whoever writes a template into the file has another text applied.
        if not text or is_well_formed(text) or "{{" in text or "${" in text:
            continue
        yield finding(
            at(policy, message, field, index),
            f"`{text}` matches none of the identities that it seems to: {_reason(text)}",
            help=_advice(text),
        )


def _reason(text: str) -> str:
    if text.startswith(SCHEME):
        return f"istiod adds `{SCHEME}` by itself"
    if text.startswith("*") and "*" in text[1:]:
        return (
            "after a leading `*` istiod reads a regular expression, where a later `*` repeats the character before it"
        )
    if "*" in text[1:-1]:
        return "a `*` in the middle is a plain character"
    return "identities have the form `<trust domain>/ns/<namespace>/sa/<service account>`"


def _advice(text: str) -> str:
    bare = text.removeprefix(SCHEME)
    if bare != text and is_well_formed(bare):
        return f"write `{bare}`"
    if "*" in text:
        return "write `*` at one end only, or list the principals; `namespaces` takes any caller of a namespace"
    return "write `cluster.local/ns/<namespace>/sa/<service account>`; for accounts alone there is `serviceAccounts`"
