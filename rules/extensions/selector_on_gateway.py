"""A policy that selects a waypoint by its labels.

A waypoint takes policies that name it, or a service behind it, in `targetRefs`. Those that select its
pods are ignored, and so are they on every gateway of the Gateway API where istiod's
`ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY` is off
(https://istio.io/latest/docs/ambient/usage/waypoint/#l7-policies).

The pods of such a gateway have the label `gateway.networking.k8s.io/gateway-name`. Reported for a selector
that asks for it, and for one that picks such pods of the files and no others. `istioctl analyze` says the
same of every gateway of the Gateway API, although istiod does look at selectors there by default; so does
`--scope complete`.

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
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
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
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.injection import GATEWAY_NAME

if TYPE_CHECKING:
    from meshlint.api import AuthorizationPolicy, RequestAuthentication, Telemetry, WasmPlugin


@rule("ML837", "selector-on-gateway", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0166",))
def check(policy: "AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin", mesh: Mesh) -> Findings:
    spec = policy.spec
    if spec is None or spec.selector is None or spec.targets:
        return
    wanted = spec.selector.wanted
    gateway = mesh.attachment.deaf_gateway(policy, wanted)
    if gateway:
        yield finding(
            at(policy, spec.selector, "match_labels", GATEWAY_NAME if GATEWAY_NAME in wanted else next(iter(wanted))),
            f"`{gateway}` takes no notice of policies with a selector: this one does nothing there",
            help=f"write `targetRefs` with `group: gateway.networking.k8s.io`, `kind: Gateway`, `name: {gateway}`",
        )
