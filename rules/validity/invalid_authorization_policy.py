"""An AuthorizationPolicy that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateAuthorizationPolicy`
in `pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `targetRef`, `targetRefs` | target-vs-selector: one way to say what is meant; target-name; target-namespace: none; target-kind: Gateway, Service (1.22), ServiceEntry (1.24), GatewayClass (1.25) |
| `rules` | ap-custom-no-rules, ap-deny-no-rules: not empty with CUSTOM and DENY |
| `provider` | ap-custom-provider: with CUSTOM; ap-provider-action: with nothing else |
| `rules[].from[]` | ap-source-null, ap-source-empty; ap-custom-source: no identities with CUSTOM |
| `source.ipBlocks`, `remoteIpBlocks` and their `not` twins | ap-ip: addresses and ranges |
| `source.serviceAccounts` (1.25) | ap-sa-with-ns: not beside namespaces and principals; ap-sa-count: at most 16; ap-sa-format: `name` or `namespace/name` |
| `source.trustDomains` (1.30) | ap-td-format: one `*`, at an end |
| `rules[].to[]` | ap-op-null, ap-op-empty |
| `operation.ports`, `notPorts` | ap-port: 0 to 65535 |
| `operation.paths`, `notPaths` (1.22) | ap-path-template-brace, -order, -literal: templates of `{*}` and one last `{**}` |
| every list of texts | ap-empty-value |
| `rules[].when[]` | ap-when-key, ap-when-values, ap-when-unknown, ap-when-replaced, ap-when-mapkey, ap-when-value; ap-custom-when: no identities and tokens with CUSTOM |

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: orders
  namespace: shop
spec:
  action: ALLOW
  rules:
  - from:
    - source: {ipBlocks: [10.0.0.0/33]}  # ML118
    to:
    - operation: {paths: ["/orders/{id}"]}  # ML118
    when:
    - key: request.header[x-token]  # ML118
      values: ["*"]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: orders
  namespace: shop
spec:
  action: ALLOW
  rules:
  - from:
    - source: {ipBlocks: [10.0.0.0/8]}
    to:
    - operation: {paths: ["/orders/{*}"]}
    when:
    - key: request.headers[x-token]
      values: ["*"]
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Severity, Target, rule

from ._authorization_policy import authorization_policy
from ._frame import findings


@rule("ML118", "invalid-authorization-policy", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(policy: AuthorizationPolicy, target: Target) -> Findings:
    if policy.spec is not None:
        yield from findings(policy, authorization_policy(policy.spec, target))
