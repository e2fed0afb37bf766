"""A listener of a waypoint that is not the one waypoints have.

ztunnel sends requests to waypoints as HBONE, to port 15008. istiod does not accept another listener: it
sets the condition `Accepted` of the listener to false, with the reason `UnsupportedProtocol`, and what a
waypoint listens to stays the same (`unexpectedWaypointListener` of `pilot/pkg/config/kube/gateway`).

Gateways whose annotation `ambient.istio.io/waypoint-inbound-binding` says how they want requests are not
Istio's own waypoints and are not judged.

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 8080
    protocol: HTTP  # ML906
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
```
"""

from meshlint.api import Findings, Severity, at, finding, gateway_api, rule

_BINDING = "ambient.istio.io/waypoint-inbound-binding"
_PORT = 15008


@rule("ML906", "unaccepted-waypoint-listener", severity=Severity.WARNING, since="0.1.0")
def check(gateway: gateway_api.Gateway) -> Findings:
    if not gateway.is_waypoint or _BINDING in gateway.annotations:
        return
    for listener in gateway.listeners:
        if listener.port is None or listener.protocol is None:
            continue
        if (listener.port, listener.protocol) != (_PORT, "HBONE"):
            wrong = "protocol" if listener.protocol != "HBONE" else "port"
            yield finding(
                at(gateway, listener, wrong),
                f"istiod does not accept {listener.protocol} on port {listener.port} for a waypoint, "
                f"which takes HBONE on port {_PORT} only",
                help=f"write `port: {_PORT}` and `protocol: HBONE`",
            )
