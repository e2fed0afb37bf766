"""An ALLOW rule about requests, for ports on which the proxy sees no requests.

On a port that is plain TCP, or TLS of the application, the proxy knows neither methods nor paths, hosts,
headers or tokens. istiod leaves such a rule out there, so that it lets nothing in
(https://istio.io/latest/docs/ops/common-problems/security-issues/#make-sure-you-are-not-using-http-only-fields-on-tcp-ports).

Reported where every Service declares the ports that the rule is about as TCP.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  rules:
  - to:
    - operation:
        methods: ["GET"]  # ML458
        ports: ["5432"]
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
  - name: tcp-sql
    port: 5432
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports:
        - containerPort: 5432
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  rules:
  - from:
    - source:
        namespaces: ["till"]
    to:
    - operation:
        ports: ["5432"]
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
  - name: tcp-sql
    port: 5432
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  template:
    metadata:
      labels:
        app: stock
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports:
        - containerPort: 5432
```
"""

from collections.abc import Iterator, Sequence

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, Service, Severity, at, finding, rule
from meshlint.mesh.authorization import is_enforced
from meshlint.mesh.authorization_rules import http_parts
from meshlint.mesh.protocols import selected
from meshlint.mesh.services import Route
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.service import ServicePort
from meshlint.model.security.authorization_policy import Rule

_ENOUGH = 100
"""Workloads of one policy that are looked at: no rule about requests is for more servers that all are TCP."""


@rule("ML458", "http-rule-on-tcp-port", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if policy.action != "ALLOW" or not is_enforced(policy):
        return
    workloads = mesh.authorization.workloads(policy)
    if not 0 < len(workloads) <= _ENOUGH or not all(map(mesh.port_protocols.has_tcp, workloads)):
        return
    judged = [(entry, next(http_parts(entry), None)) for entry in policy.rules]
    for entry, part in judged:
        route = _tcp_route(entry, workloads, mesh) if part else None
        if part and route:
            yield finding(
                at(policy, *part),
                f"this rule lets nothing in: port {route.target} of `{route.workload.name}` is TCP, "
                f"where the proxy sees no requests",
                help="use callers and ports only, or declare the port as HTTP if it is: `appProtocol: http`",
                related=[(at(route.service, route.port), "declared as TCP")],
            )


def _tcp_route(entry: Rule, workloads: Sequence[Workload], mesh: Mesh) -> Route | None:
    """A way to a port that the rule is about, if all of these ports surely are TCP."""
    ports = _ports(entry)
    routes: list[Route] = []
    for workload in workloads:
        found = [route for route in mesh.services.routes(workload) if ports is None or str(route.target) in ports]
        if not all(map(_is_tcp, found)):
            return None
        if (
            mesh.injection.gateway(workload) is not Answer.NO
            or workload.is_machine
            or mesh.is_patched(workload.resource)
        ):
            return None
        reached = {str(route.target) for route in found}
        listed = {str(port.container_port) for port in workload.ports}
        if not found or not (listed if ports is None else ports) <= reached:
            return None
        routes += found
    return routes[0] if routes else None


def _ports(entry: Rule) -> set[str] | None:
    """The ports that a rule names; None where some part of it names none."""
    operations = [item.operation for item in entry.to or ()]
    if not operations or not all(operation and operation.ports for operation in operations):
        return None
    return set(_named(entry))


def _named(entry: Rule) -> Iterator[str]:
    for operation in entry.operations():
        yield from operation.ports or ()


def _is_tcp(route: Route) -> bool:
    port = route.port
    if not isinstance(route.service, Service) or not isinstance(port, ServicePort) or port.protocol == "UDP":
        return False
    return selected(port).is_tcp
