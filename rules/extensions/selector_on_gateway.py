"""A policy that selects a gateway of the Gateway API by its labels.

istiod attaches policies to gateways and waypoints of the Gateway API by `targetRefs`; those that select
their pods by labels are ignored there
(https://istio.io/latest/docs/reference/config/analysis/ist0166/).

The pods of such a gateway have the label `gateway.networking.k8s.io/gateway-name`. Reported for a selector
that asks for it, and for one that picks such pods of the files and no others.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  selector:
    matchLabels:
      gateway.networking.k8s.io/gateway-name: public  # ML837
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/keys
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  targetRefs:
  - group: gateway.networking.k8s.io
    kind: Gateway
    name: public
  jwtRules:
  - issuer: https://login.example.com
    jwksUri: https://login.example.com/keys
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
```
"""

from meshlint.api import (
    AuthorizationPolicy,
    Findings,
    Mesh,
    RequestAuthentication,
    Severity,
    Telemetry,
    WasmPlugin,
    at,
    finding,
    rule,
)
from meshlint.mesh.injection import GATEWAY_NAME

Attached = AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin


@rule("ML837", "selector-on-gateway", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0166",))
def check(policy: Attached, mesh: Mesh) -> Findings:
    spec = policy.spec
    if spec is None or spec.selector is None or spec.targets:
        return
    wanted = spec.selector.wanted
    gateway = wanted.get(GATEWAY_NAME) or _only_gateway(policy, mesh)
    if gateway:
        yield finding(
            at(policy, spec.selector, "match_labels", GATEWAY_NAME if GATEWAY_NAME in wanted else next(iter(wanted))),
            f"gateways of the Gateway API ignore policies with a selector: this one does nothing on `{gateway}`",
            help=f"write `targetRefs` with `group: gateway.networking.k8s.io`, `kind: Gateway`, `name: {gateway}`",
        )


def _only_gateway(policy: Attached, mesh: Mesh) -> str | None:
    """The gateway whose pods a policy selects, if it selects no others."""
    wanted = policy.spec.selector.wanted if policy.spec and policy.spec.selector else {}
    if not wanted:
        return None
    workloads = mesh.selectors.picked(mesh.namespace(policy), wanted)
    names = {workload.labels.get(GATEWAY_NAME) for workload in workloads}
    return names.pop() if len(names) == 1 else None
