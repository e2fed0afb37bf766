"""Addresses of clients at a gateway that sees the addresses of nodes.

`ipBlocks` is about the other end of the connection. A Service of type LoadBalancer or NodePort leads connections
over any node, which puts its own address in the client's place, unless `externalTrafficPolicy: Local` is set
(https://istio.io/latest/docs/tasks/security/authorization/authz-ingress/).

So is `remoteIpBlocks`, unless the gateway is told to look at what stands in front of it: at X-Forwarded-For by
`gatewayTopology.numTrustedProxies`, at the PROXY protocol by `gatewayTopology.proxyProtocol`, in mesh config or
in the annotation `proxy.istio.io/config` of its pods. It is reported only where the mesh config is known (a file,
`--mesh-config`, or `--scope complete`) and no EnvoyFilter changes the listeners of the gateway.

Reported for public addresses, and not where annotations or a class of the Service say that its load balancer
works in another way. At sidecars nothing is reported: mostly gateways call them, but the load balancers of some clouds
call pods themselves, from public addresses.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: office
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge
  rules:
  - from:
    - source:
        ipBlocks: ["198.41.128.0/24"]  # ML461
---
apiVersion: v1
kind: Service
metadata:
  name: edge
  namespace: edge
spec:
  type: LoadBalancer
  selector:
    istio: edge
  ports:
  - name: https
    port: 443
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge
  template:
    metadata:
      annotations:
        inject.istio.io/templates: gateway
      labels:
        istio: edge
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: istio-proxy
        image: auto
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: office
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge
  rules:
  - from:
    - source:
        ipBlocks: ["198.41.128.0/24"]
---
apiVersion: v1
kind: Service
metadata:
  name: edge
  namespace: edge
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector:
    istio: edge
  ports:
  - name: https
    port: 443
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge
  template:
    metadata:
      annotations:
        inject.istio.io/templates: gateway
      labels:
        istio: edge
        sidecar.istio.io/inject: "true"
    spec:
      containers:
      - name: istio-proxy
        image: auto
```
"""

from collections.abc import Sequence

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, Service, Severity, at, finding, rule
from meshlint.mesh.client_addresses import learns_forwarded
from meshlint.mesh.workloads import Workload

from ._policies import Value, values

_OUTSIDE = frozenset({"LoadBalancer", "NodePort"})
_DIRECT = "set `externalTrafficPolicy: Local` on the Service, or use `remoteIpBlocks` behind a trusted proxy"
_FORWARDED = (
    "set `externalTrafficPolicy: Local` on the Service; behind a proxy that forwards the address, write "
    "`gatewayTopology` (`numTrustedProxies` or `proxyProtocol`) for the gateway"
)


@rule("ML461", "address-behind-balancer", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    gateways = mesh.authorization.workloads(policy)
    service = _hiding(gateways, mesh)
    if service is None:
        return
    direct = _public(policy, ("ip_blocks", "not_ip_blocks"), "source.ip")
    forwarded = _public(policy, ("remote_ip_blocks", "not_remote_ip_blocks"), "remote.ip")
    related = [(at(service, service.spec, "type"), "leads connections over any node")]
    over = f"Service `{service.name}` leads connections over nodes"
    for message, field, index, text in direct:
        yield finding(
            at(policy, message, field, index),
            f"the gateway never sees `{text}`: {over}, whose addresses it sees instead",
            help=_DIRECT,
            related=related,
        )
    if not forwarded or any(learns_forwarded(item, mesh) is not Answer.NO for item in gateways):
        return
    for message, field, index, text in forwarded:
        yield finding(
            at(policy, message, field, index),
            f"the gateway never takes `{text}` for the address of a client: {over}, and it trusts no proxy in front of it",
            help=_FORWARDED,
            related=related,
        )


def _public(policy: AuthorizationPolicy, fields: tuple[str, ...], key: str) -> list[Value]:
    """The values of these fields, and of conditions with that key, that are public addresses."""
    return [item for item in values(policy, fields, key) if _is_public(item[3])]


def _hiding(gateways: Sequence[Workload], mesh: Mesh) -> Service | None:
    """A Service of gateways, if all are gateways and every way from outside to them hides the client's address."""
    found: Service | None = None
    for workload in gateways:
        if (
            mesh.injection.gateway(workload) is not Answer.YES
            or workload.host_network
            or _has_host_port(workload.ports)
        ):
            return None
        for service in mesh.services.of_workload(workload):
            if not isinstance(service, Service) or mesh.is_patched(service):
                return None
            if service.spec and (service.spec.type in _OUTSIDE or service.spec.external_ips):
                if not _hides(service):
                    return None
                found = service
    return found


def _hides(service: Service) -> bool:
    spec = service.spec
    plain = spec is not None and not service.annotations and not spec.load_balancer_class
    return plain and spec is not None and spec.external_traffic_policy in {None, "Cluster"}


def _has_host_port(ports: tuple[object, ...]) -> bool:
    return any(getattr(port, "host_port", None) for port in ports)


def _is_public(block: str) -> bool:
    from ipaddress import ip_network

    try:
        return ip_network(block, strict=False).is_global
    except ValueError:
        return False
