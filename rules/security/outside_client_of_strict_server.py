"""A policy lets in a workload that is outside of the mesh, but the server is STRICT.

Pods without a sidecar (and outside of ambient mode) send plain text. Under STRICT the server's proxy
closes such connections before it looks at any policy, and without mutual TLS the caller has no
identity that a policy could name: the rule never matches
(https://istio.io/latest/docs/concepts/security/#mutual-tls-authentication).

Only what the files prove is reported: every workload that runs as the named account surely has no
proxy (`sidecar.istio.io/inject: "false"`, `istio-injection: disabled` and the like), and the mode in
force for the server is STRICT, on all of its ports.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  action: ALLOW
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/nightly"]  # ML403
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
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
  namespace: shop
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          labels:
            app: nightly
            sidecar.istio.io/inject: "false"
        spec:
          serviceAccountName: nightly
          restartPolicy: Never
          containers:
          - name: nightly
            image: registry.example/nightly:1.0
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  selector:
    matchLabels:
      app: stock
  action: ALLOW
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/nightly"]
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
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
  namespace: shop
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        metadata:
          labels:
            app: nightly
            sidecar.istio.io/inject: "true"
        spec:
          serviceAccountName: nightly
          restartPolicy: Never
          containers:
          - name: nightly
            image: registry.example/nightly:1.0
```
"""

from collections.abc import Sequence

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, PeerAuthentication, Severity, at, finding, rule
from meshlint.mesh.workloads import Workload

from ._policies import values


@rule("ML403", "outside-client-of-strict-server", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0105",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if policy.action != "ALLOW" or not mesh.injection.outside:
        return
    principals = values(policy, ("principals",))
    found = [(source, field, index, _outside(text, mesh)) for source, field, index, text in principals]
    strict = _strict(policy, mesh) if any(outside for *_, outside in found) else ()
    for source, field, index, outside in found if strict else ():
        if not outside:
            continue
        client = outside[0]
        reason = mesh.injection.state(client).reason
        yield finding(
            at(policy, source, field, index),
            f"{client.kind} `{client.name}` has no proxy because of {reason}: "
            "the server is STRICT and closes its connections, and no policy ever sees this identity",
            help="bring the client into the mesh, or take the port out of STRICT with `portLevelMtls` and drop the identity",
            related=[
                *((at(item), "makes the server STRICT") for item in strict[:1]),
                (at(client.resource), "the client that is outside of the mesh"),
            ],
        )


def _strict(policy: AuthorizationPolicy, mesh: Mesh) -> Sequence[PeerAuthentication]:
    """The policies that make every workload STRICT that this one is about; none where that is not sure."""
    namespace = mesh.namespace(policy)
    selector = policy.spec.selector if policy.spec else None
    if selector is None or not selector.match_labels or namespace == mesh.settings.root_namespace:
        return ()
    workloads = mesh.selectors.picked(namespace, selector.match_labels)
    if not workloads or not all(_is_strict(item, mesh) for item in workloads):
        return ()
    return mesh.mtls.server.of_workload(workloads[0]).policies


def _is_strict(workload: Workload, mesh: Mesh) -> bool:
    """Whether a workload is STRICT on all of its ports."""
    server = mesh.mtls.server
    entries = [policy.spec.port_level_mtls or {} for policy in server.selecting(workload) if policy.spec]
    ports = [int(port) for entry in entries for port in entry if port.isdecimal()]
    modes = [server.of_workload(workload), *(server.of_workload(workload, port) for port in ports)]
    return all(server.is_strict(mode) is Answer.YES for mode in modes)


def _outside(principal: str, mesh: Mesh) -> Sequence[Workload]:
    """The workloads that a principal matches, if all of them surely are outside of the mesh."""
    if "*" in principal:
        return ()
    workloads = [item for account in mesh.accounts.matching(principal) for item in mesh.accounts.workloads(*account)]
    return workloads if mesh.injection.outside.issuperset(workloads) else ()
