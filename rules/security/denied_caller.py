"""A workload that calls a server whose policies refuse it.

With the first ALLOW policy for a server all callers that it does not name get 403. Who calls whom is read from
environment variables, arguments, ConfigMaps and VirtualServices. That a host is named there does not prove that
it is called, so the rule is off by default
(https://istio.io/latest/docs/concepts/security/#implicit-enablement).

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
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/till"]
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
    targetPort: 8080
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
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports:
        - containerPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: till
  namespace: shop
spec:
  selector:
    matchLabels:
      app: till
  template:
    metadata:
      labels:
        app: till
        sidecar.istio.io/inject: "true"
    spec:
      serviceAccountName: till-app
      containers:
      - name: till
        image: registry.example/till:1.0
        env:
        - name: STOCK
          value: http://stock.shop.svc.cluster.local  # ML465
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
        principals: ["cluster.local/ns/shop/sa/till-app"]
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
    targetPort: 8080
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
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports:
        - containerPort: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: till
  namespace: shop
spec:
  selector:
    matchLabels:
      app: till
  template:
    metadata:
      labels:
        app: till
        sidecar.istio.io/inject: "true"
    spec:
      serviceAccountName: till-app
      containers:
      - name: till
        image: registry.example/till:1.0
        env:
        - name: STOCK
          value: http://stock.shop.svc.cluster.local
```
"""

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.authorization import Decision
from meshlint.mesh.authorization_rules import Request
from meshlint.mesh.callers import Call
from meshlint.mesh.principals import Principal
from meshlint.mesh.workloads import Workload


@rule("ML465", "denied-caller", severity=Severity.WARNING, since="0.1.0", default=False)
def check(mesh: Mesh) -> Findings:
    for call in mesh.callers.all:
        if mesh.injection.in_mesh(call.client) is not Answer.YES:
            continue
        refusal = _refusal(call, mesh)
        if refusal is None:
            continue
        server, decision = refusal
        account = call.client.service_account
        why = f"`{decision.policy.name}` denies it" if decision.policy else "no ALLOW policy lets it in"
        yield finding(
            call.place,
            f"`{call.client.name}` calls `{call.service.name}` as `{account}`, and is refused: {why}",
            help=f"let `{call.client.namespace}/{account}` in with a policy for `{server.name}`",
            related=[(at(policy), "refuses it") for policy in _deciding(server, decision, mesh)],
        )


def _refusal(call: Call, mesh: Mesh) -> tuple[Workload, Decision] | None:
    """The server of the first endpoint, if every endpoint of every port refuses the client whatever it asks for."""
    client = call.client
    identity = Principal(mesh.settings.trust_domain, client.namespace, client.service_account)
    first: tuple[Workload, Decision] | None = None
    for port in call.ports:
        for endpoint in mesh.mtls.client.endpoints.of_port(call.service, port) or ():
            server = endpoint.workload
            if server is None or endpoint.port is None or mesh.injection.in_mesh(server) is not Answer.YES:
                return None
            decision = mesh.authorization.decide(server, Request(source=identity, port=endpoint.port))
            if decision.allowed is not Answer.NO:
                return None
            first = first or (server, decision)
    return first


def _deciding(server: Workload, decision: Decision, mesh: Mesh) -> list[AuthorizationPolicy]:
    if decision.policy:
        return [decision.policy]
    return [policy for policy in mesh.authorization.of_workload(server) if policy.action == "ALLOW"][:2]
