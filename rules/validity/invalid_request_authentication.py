"""A RequestAuthentication that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateRequestAuthentication`
in `pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `targetRef`, `targetRefs` | target-vs-selector: one way to say what is meant; target-name; target-namespace: none; target-kind: Gateway, Service (1.22), ServiceEntry (1.24), GatewayClass (1.25) |
| `jwtRules[].issuer` | ra-issuer: not empty; since 1.27 `jwksUri` suffices |
| `jwtRules[].audiences[]` | ra-audience: not empty |
| `jwtRules[].jwksUri` | ra-jwksuri: a URL of http or https |
| `jwtRules[].jwks` | ra-jwks: a JSON Web Key, or a set of them |
| `jwtRules[].fromHeaders[].name` | ra-header-name: not empty |
| `jwtRules[].fromParams[]`, `fromCookies[]` | ra-param, ra-cookie (1.21): not empty |
| `jwtRules[].outputClaimToHeaders[]` | ra-claim-header-empty: header and claim; ra-claim-header-name: letters, digits, `-` and `_` |
| `jwtRules[].timeout` | ra-timeout: 1ms or more, whole milliseconds (1.22) |

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
    jwksUri: accounts.example.com/jwks.json  # ML120
    fromHeaders:
    - prefix: "Bearer "  # ML120
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
    jwksUri: https://accounts.example.com/jwks.json
    fromHeaders:
    - name: x-customer-token
```
"""

from meshlint.api import Findings, RequestAuthentication, Severity, Target, rule

from ._frame import findings
from ._request_authentication import request_authentication


@rule("ML120", "invalid-request-authentication", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(policy: RequestAuthentication, target: Target) -> Findings:
    if policy.spec is not None:
        yield from findings(policy, request_authentication(policy.spec, target))
