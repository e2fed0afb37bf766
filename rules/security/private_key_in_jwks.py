"""A key set in `jwks` with private or symmetric keys.

To verify a token takes the public key. Whoever has the private key, or a symmetric one, can issue
tokens that every workload under the policy accepts, and here everybody who may read the
resource, or the repository, has it. istiod warns since 1.31.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: customers
  namespace: shop
spec:
  jwtRules:
  - issuer: https://accounts.example.com
    jwks: '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'  # ML431
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: customers
  namespace: shop
spec:
  jwtRules:
  - issuer: https://accounts.example.com
    jwks: '{"keys": [{"kty": "RSA", "e": "AQAB", "n": "yeNlzlub94YgerT030codqEztjfU_S6X"}]}'
```
"""

from meshlint.api import Findings, RequestAuthentication, Severity, at, finding, rule
from meshlint.values.key_sets import secret_keys


@rule("ML431", "private-key-in-jwks", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(policy: RequestAuthentication) -> Findings:
    for jwt in (policy.spec.jwt_rules if policy.spec else None) or ():
        found = list(secret_keys(jwt.jwks)) if jwt.jwks else []
        if found:
            index, what = found[0]
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield finding(
                at(policy, jwt, "jwks"),
                f"key {index} is {what}{more}: whoever can read this can issue tokens that are accepted",
                help="keep the public parts only, for RSA `kty`, `n` and `e`; replace a key that was published",
            )
