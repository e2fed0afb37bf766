"""A principal of a trust domain that is not the mesh's.

Proxies accept certificates of the mesh's trust domain and its aliases only, so that an identity of another one
never gets as far as a policy (https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/).
`cluster.local` always means the mesh's own.

Reported where a mesh config names the trust domain, and except where istiod is told not to check trust domains
(`PILOT_SKIP_VALIDATE_TRUST_DOMAIN`).

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
        principals: ["shop.exmple/ns/till/sa/till"]  # ML454
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: shop.example
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
        principals: ["shop.example/ns/till/sa/till", "old.example/ns/till/sa/till"]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: shop.example
    trustDomainAliases: [old.example]
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Severity, at, finding, listed, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.principals import LOCAL, SCHEME, matches, parse
from meshlint.suggest import nearest

from ._policies import values

_UNCHECKED = "PILOT_SKIP_VALIDATE_TRUST_DOMAIN"


@rule("ML454", "foreign-trust-domain", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0108",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    settings = mesh.settings
    written = any(config.trust_domain for config in settings.configs) or mesh.context.scope is Scope.COMPLETE
    if not written or settings.mixed or (settings.environment(_UNCHECKED) or "").lower() in {"true", "1"}:
        return
    own = (settings.trust_domain, *settings.trust_domain_aliases)
    for message, field, index, text in values(policy, ("principals", "not_principals"), "source.principal"):
        principal = parse(text)
        if principal is None or text.startswith(SCHEME) or principal.trust_domain == LOCAL:
            continue
        if not any(matches(principal.trust_domain, domain) for domain in own):
            near = nearest(principal.trust_domain, own)
            yield finding(
                at(policy, message, field, index),
                f"the trust domain of the mesh is {listed(own)}: proxies refuse identities of "
                f"`{principal.trust_domain}`, so `{text}` matches nobody",
                help=f"did you mean `{near}`?" if near else "correct it, or add it to `trustDomainAliases`",
            )
