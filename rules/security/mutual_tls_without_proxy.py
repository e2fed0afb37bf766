"""A DestinationRule asks for mesh mTLS towards something that has no proxy.

`ISTIO_MUTUAL` makes clients send mesh mTLS whatever the other end is. Pods without a sidecar, and what a
ServiceEntry says to be outside of the mesh (`location: MESH_EXTERNAL`, which is the default), do not know
it: the application gets the bytes of a TLS handshake, and every request fails with 503
(<https://istio.io/latest/docs/ops/common-problems/network-issues/>). Auto mTLS, which holds without `tls`,
asks each endpoint and sends plain text to these.

Pods are reported where all that a Service selects surely have no proxy. Nothing is said where the rule or the
entry names whom clients meet (`sni`, `subjectAltNames`), or an endpoint has the port 15443 or an account: that
is the gateway of another mesh.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: disabled}
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
    tls:
      mode: ISTIO_MUTUAL  # ML409
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: disabled}
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
    tls:
      mode: DISABLE
```
"""

from typing import TYPE_CHECKING, Any

from meshlint.api import (
    Answer,
    DestinationRule,
    Findings,
    Mesh,
    Place,
    Service,
    Severity,
    at,
    finding,
    rule,
)
from meshlint.mesh.host_names import is_wildcard
from meshlint.model.networking.traffic_policy import ClientTLSSettings

if TYPE_CHECKING:
    from meshlint.model.networking.workload_entry import WorkloadEntrySpec

_GATEWAY_PORT = 15443
"""Where gateways take mTLS of other clusters and meshes."""


@rule("ML409", "mutual-tls-without-proxy", severity=Severity.ERROR, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    if "ISTIO_MUTUAL" not in mesh.destination_rules.tls_modes:
        return
    host = (destination_rule.spec.host if destination_rule.spec else None) or ""
    settings = [tls for tls in destination_rule.tls_settings() if tls.mode == "ISTIO_MUTUAL" and not _is_meant(tls)]
    if not settings or not host or is_wildcard(host):
        return
    end = _end_without_proxy(destination_rule, host, mesh)
    if end is not None:
        what, place, why = end
        for tls in settings:
            yield finding(
                at(destination_rule, tls, "mode"),
                f"clients send mesh mTLS to {what}, which does not know it: every request fails with 503",
                help="remove `tls`: auto mTLS sends plain text to what has no proxy",
                related=[(place, why)],
            )


def _is_meant(tls: ClientTLSSettings) -> bool:
    """Whether the author knows whom the clients meet: the gateway of another mesh, by its name."""
    return bool(tls.sni or tls.subject_alt_names)


def _end_without_proxy(rule: DestinationRule, host: str, mesh: Mesh) -> tuple[str, Place, str] | None:
    """What the host names, where all of it surely has no proxy: in words, with the place that says so."""
    named = mesh.hosts.named(host, mesh.namespace(rule))
    if not named or not all(mesh.trust.may_conflict(item, rule) for item in named):
        return None
    if all(mesh.is_of_class(item, "ServiceEntry") for item in named):
        return _external(named)
    if len(named) > 1 or not isinstance(named[0], Service):
        return None
    workloads = mesh.services.workloads(named[0])
    if not workloads or any(mesh.injection.in_mesh(item) is not Answer.NO for item in workloads):
        return None
    first = workloads[0]
    reason = mesh.injection.state(first).reason
    return f"{first.kind} `{first.name}`", at(first.resource), f"has no proxy because of {reason}"


def _external(entries: Any) -> tuple[str, Place, str] | None:
    """ServiceEntries for what is outside of the mesh; none where an endpoint says that it takes mesh mTLS."""
    for entry in entries:
        spec = entry.spec
        if spec is None or spec.location == "MESH_INTERNAL" or spec.workload_selector:
            return None
        if spec.subject_alt_names or any(_may_be_of_a_mesh(item) for item in spec.endpoints or ()):
            return None
    first = entries[0]
    text = "is outside of the mesh" + ("" if first.spec.location else ": `location` is MESH_EXTERNAL by default")
    return f"`{first.hosts[0]}`", at(first, first.spec, "location" if first.spec.location else "hosts"), text


def _may_be_of_a_mesh(endpoint: "WorkloadEntrySpec") -> bool:
    """Whether an endpoint may be a proxy: it has an identity or labels, or is reached by a gateway's port for mTLS."""
    return bool(endpoint.service_account or endpoint.labels) or _GATEWAY_PORT in (endpoint.ports or {}).values()
