"""A DestinationRule makes clients send mesh mTLS to a server that has it switched off.

A port whose mode is DISABLE hands everything to the application as it is. With `ISTIO_MUTUAL` in the
DestinationRule that is in force, the application gets the bytes of a TLS handshake, and every request fails
(<https://istio.io/latest/docs/ops/common-problems/network-issues/>). Without `tls`, auto mTLS sees the mode of
the port, and sends plain text.

The finding is at the policy that says DISABLE, where Kiali has it too; meshlint judges rules for any host as
istiod looks them up, not only those for a whole namespace or mesh.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: DISABLE  # ML417
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
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: stock, namespace: shop}
spec:
  host: stock
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL}
```

### Good

```yaml
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
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: stock, namespace: shop}
spec:
  host: stock
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL}
```
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from meshlint.api import Answer, DestinationRule, Findings, Mesh, Place, Service, Severity, at, finding, rule
from meshlint.mesh.host_names import covers, is_wildcard, service_of

if TYPE_CHECKING:
    from meshlint.api import PeerAuthentication


@rule(
    "ML417",
    "mutual-client-of-disabled-server",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("KIA0505", "KIA0506"),
)
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    if not mesh.of_class("PeerAuthentication") or "ISTIO_MUTUAL" not in mesh.destination_rules.tls_modes:
        return
    said: set[PeerAuthentication] = set()
    for policy, tls, who in _contradictions(destination_rule, mesh):
        if policy not in said and mesh.trust.may_conflict(policy, destination_rule):
            said.add(policy)
            yield finding(
                _place(policy),
                f"mTLS is switched off here, but clients of {who} send it by the DestinationRule `{destination_rule.name}`: "
                "every request fails",
                help="remove `tls` from the DestinationRule, so that auto mTLS sends plain text, or remove DISABLE",
                related=[(at(destination_rule, tls, "mode"), "makes clients send mesh mTLS")],
            )


def _contradictions(destination_rule: DestinationRule, mesh: Mesh) -> "Iterator[tuple[PeerAuthentication, Any, str]]":
    """The policies with DISABLE that clients by this rule meet, the rule's settings, and whom they call."""
    host = (destination_rule.spec.host if destination_rule.spec else None) or ""
    settings = [
        policy.tls for policy in destination_rule.traffic_policies() if policy.tls and policy.tls.mode == "ISTIO_MUTUAL"
    ]
    settings += [
        entry.tls
        for policy in destination_rule.traffic_policies()
        for entry in policy.port_level_settings or ()
        if entry.tls and entry.tls.mode == "ISTIO_MUTUAL"
    ]
    if not host or not settings:
        return
    from meshlint.mesh.named_services import services_named

    namespace = mesh.namespace(destination_rule)
    services = [item for item in services_named(host, namespace, mesh) if isinstance(item, Service)]
    for service in services:
        yield from _of_service(destination_rule, service, namespace, mesh)
    if not services:
        for policy in _unseen(mesh.hosts.fqdn(host, namespace), mesh):
            yield policy, settings[0], f"`{host}`"


def _of_service(
    destination_rule: DestinationRule, service: Service, namespace: str, mesh: Mesh
) -> "Iterator[tuple[PeerAuthentication, Any, str]]":
    from meshlint.mesh.server_mtls import Mode

    for port in service.ports:
        for subset in (None, *(item.name for item in destination_rule.subsets if item.traffic_policy)):
            for connection in mesh.mtls.connections(namespace, service, port.port or 0, subset):
                if (
                    connection.rule is not destination_rule
                    or connection.tls is None
                    or connection.tls.mode != "ISTIO_MUTUAL"
                ):
                    continue
                end = connection.endpoint
                if end is None:
                    for policy in _disabling(mesh.namespace(service), mesh):
                        yield policy, connection.tls, f"`{service.name}`"
                elif end.workload and end.port and mesh.mtls.guards(end.workload, end.port) is not Answer.NO:
                    mode = mesh.mtls.server.of_workload(end.workload, end.port)
                    if mode.mode is Mode.DISABLE:
                        for policy in mode.policies[:1]:
                            yield policy, connection.tls, f"`{service.name}`"


def _unseen(host: str, mesh: Mesh) -> "tuple[PeerAuthentication, ...]":
    """The policies that switch mTLS off for all that a host names, where no file shows it."""
    from meshlint.mesh.named_services import namespace_of

    named = service_of(host)
    home = named.namespace if named else namespace_of(host)
    if home is not None:
        return _disabling(home, mesh)
    is_whole = is_wildcard(host) and covers(host, f"x.y.svc.{mesh.settings.cluster_domain}")
    return _disabling(mesh.settings.root_namespace, mesh) if is_whole else ()


def _disabling(namespace: str, mesh: Mesh) -> "tuple[PeerAuthentication, ...]":
    """The policies that switch mTLS off for a whole namespace, or for the mesh."""
    from meshlint.mesh.server_mtls import Mode

    mode = mesh.mtls.server.of_namespace(namespace)
    return mode.policies[:1] if mode.mode is Mode.DISABLE else ()


def _place(policy: "PeerAuthentication") -> Place:
    spec = policy.spec
    if spec and spec.mtls and spec.mtls.mode == "DISABLE":
        return at(policy, spec.mtls, "mode")
    entries = (spec.port_level_mtls if spec else None) or {}
    port = next((key for key, mtls in entries.items() if mtls and mtls.mode == "DISABLE"), None)
    return at(policy, spec, "port_level_mtls", port) if port else at(policy)
