"""A policy for a Service that no waypoint stands before.

A policy with a Service in `targetRefs` is enforced by the waypoint that the label `istio.io/use-waypoint` of the
Service, or of its namespace, leads its traffic through. Without one nobody enforces it: what it denies
comes through (https://istio.io/latest/docs/ambient/usage/waypoint/).

Reported where the Service or its namespace says `none`, or where no file holds a waypoint and the namespace is
labelled for ambient mode alone.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: stock  # ML903
  action: DENY
  rules:
  - to:
    - operation:
        paths: ["/internal/*"]
        ports: ["8080"]
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    app: stock
  ports:
  - name: http
    port: 80
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  targetRefs:
  - group: ""
    kind: Service
    name: stock
  action: DENY
  rules:
  - to:
    - operation:
        paths: ["/internal/*"]
        ports: ["8080"]
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: waypoint
---
apiVersion: v1
kind: Service
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    app: stock
  ports:
  - name: http
    port: 80
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Service, Severity, at, finding, rule

from ._waypoints import is_without_waypoint

if TYPE_CHECKING:
    from meshlint.api import AuthorizationPolicy, RequestAuthentication, Telemetry, WasmPlugin

_CODES = {
    "AuthorizationPolicy": "KIA0109",
    "RequestAuthentication": "KIA1110",
    "WasmPlugin": "KIA1111",
    "Telemetry": "KIA1112",
}


@rule(
    "ML903",
    "target-without-waypoint",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=tuple(sorted(_CODES.values())),
)
def check(policy: "AuthorizationPolicy | RequestAuthentication | Telemetry | WasmPlugin", mesh: Mesh) -> Findings:
    for target in policy.spec.targets if policy.spec else ():
        if target.kind != "Service" or target.group not in {None, "", "core"}:
            continue
        found = mesh.find("Service", mesh.namespace(policy), target.name or "", "")
        services = [item for item in found if isinstance(item, Service)]
        if services and all(is_without_waypoint(service, mesh) for service in services):
            yield finding(
                at(policy, target, "name"),
                f"no waypoint stands before Service `{target.name}`: nobody enforces this {policy.kind}",
                help="label the Service or its namespace with `istio.io/use-waypoint: <name of the waypoint>`",
                related=[(at(services[0]), "led through no waypoint")],
                equivalents=(_CODES[policy.kind],),
            )
