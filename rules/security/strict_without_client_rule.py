"""STRICT servers in a mesh without auto mTLS, and no DestinationRule that makes clients send mTLS.

With `enableAutoMtls: false` clients send mesh mTLS only where a DestinationRule says `ISTIO_MUTUAL`. A STRICT
server closes all other connections
(<https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-enable_auto_mtls>). By default
auto mTLS is on, and nothing is reported.

Judged by the Services whose pods the files hold, for clients of their own namespace; with `--scope complete`
also where there are none. A more specific rule without `tls` takes the place of a wider one with it.

### Bad

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio, namespace: istio-system}
spec:
  meshConfig:
    enableAutoMtls: false
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: STRICT  # ML418
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec:
  selector: {app: stock}
  ports:
  - {name: http, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock, namespace: shop}
spec:
  selector:
    matchLabels: {app: stock}
  template:
    metadata:
      labels: {app: stock}
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
```

### Good

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio, namespace: istio-system}
spec:
  meshConfig:
    enableAutoMtls: true
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: STRICT
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: v1
kind: Service
metadata: {name: stock, namespace: shop}
spec:
  selector: {app: stock}
  ports:
  - {name: http, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stock, namespace: shop}
spec:
  selector:
    matchLabels: {app: stock}
  template:
    metadata:
      labels: {app: stock}
    spec:
      containers:
      - name: stock
        image: registry.example/stock:1.0
        ports: [{containerPort: 8080}]
```
"""

from collections.abc import Iterator, Sequence

from meshlint.api import Findings, Mesh, PeerAuthentication, Place, Service, Severity, at, finding, rule
from meshlint.findings import Finding
from meshlint.mesh.context import Scope
from meshlint.mesh.mtls import Wire

from ._strict import refusing


@rule(
    "ML418",
    "strict-without-client-rule",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("KIA0401", "KIA0501"),
)
def check(policy: PeerAuthentication, mesh: Mesh) -> Findings:
    if mesh.settings.auto_mtls or mesh.settings.mixed:
        return
    services = [service for service in _services(policy, mesh) if policy in _refusing(service, mesh)]
    if services:
        names = ", ".join(f"`{service.name}`" for service in services[:3])
        more = f" and {len(services) - 3} more" if len(services) > 3 else ""
        yield _finding(policy, f"clients of {names}{more}", services[:3], mesh)
    elif mesh.context.scope is Scope.COMPLETE and _is_uncovered(policy, mesh):
        yield _finding(policy, "clients", (), mesh)


def _services(policy: PeerAuthentication, mesh: Mesh) -> Sequence[Service]:
    """The services that a policy may be about: those of its namespace, or all."""
    namespaces = mesh.homes(policy)
    if mesh.settings.root_namespace in namespaces:
        return mesh.all(Service)
    return [service for namespace in namespaces for service in mesh.services.of(namespace)]


def _finding(policy: PeerAuthentication, clients: str, services: Sequence[Service], mesh: Mesh) -> Finding:
    is_whole = mesh.namespace(policy) == mesh.settings.root_namespace
    return finding(
        _place(policy),
        f"auto mTLS is off, and no DestinationRule makes {clients} send mTLS: their connections are closed",
        help="switch `enableAutoMtls` on, or write a DestinationRule with `mode: ISTIO_MUTUAL` for the hosts",
        related=[(at(service), "a service without such a rule") for service in services],
        equivalents=("KIA0401",) if is_whole else ("KIA0501",),
    )


def _is_uncovered(policy: PeerAuthentication, mesh: Mesh) -> bool:
    """Whether no rule says `tls` for the services of a policy's scope at large, although this is the whole mesh."""
    spec = policy.spec
    if spec is None or (spec.selector and spec.selector.wanted) or not spec.mtls or spec.mtls.mode != "STRICT":
        return False
    home = mesh.namespace(policy)
    if home == mesh.settings.root_namespace:
        home = "any-namespace"
    lookup = mesh.destination_rules.for_host(f"any-service.{home}.svc.{mesh.settings.cluster_domain}", home)
    found = lookup.policy()
    return found is None or found.tls is None


def _refusing(service: Service, mesh: Mesh) -> Iterator[PeerAuthentication]:
    """The policies of STRICT endpoints that clients of the service's own namespace send plain text without any `tls`."""
    for port in service.ports:
        for connection in mesh.mtls.connections(mesh.namespace(service), service, port.port or 0):
            end = connection.endpoint
            if connection.wire is Wire.PLAIN and connection.tls is None and end and end.workload and end.port:
                yield from refusing(end.workload, end.port, service, mesh)


def _place(policy: PeerAuthentication) -> Place:
    spec = policy.spec
    return at(policy, spec.mtls, "mode") if spec and spec.mtls and spec.mtls.mode == "STRICT" else at(policy)
