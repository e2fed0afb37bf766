"""A VirtualService none of whose hosts a Gateway takes.

A gateway serves a host only if some server of the Gateway lists it, or a wildcard that meets it, for
the namespace of the VirtualService (`namespace/host`, `./host`). Routes of other hosts are attached
to no listener: requests get 404
(https://istio.io/latest/docs/reference/config/networking/gateway/#Server).

Every Gateway that the VirtualService names is judged by itself, over all its hosts. One host that fits
is enough, as for `istioctl analyze`, since a VirtualService may list hosts for several gateways.

A host of a Service that none of the gateways takes is reported too: it is there for calls inside of the mesh, but
where `gateways` are listed, sidecars use the routes only if `mesh` is one of them.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop/shop.example.com
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - www.example.com
  gateways:
  - edge/public  # ML242
  http:
  - route:
    - destination:
        host: web
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - shop/shop.example.com
    - shop/www.example.com
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  namespace: shop
spec:
  hosts:
  - www.example.com
  gateways:
  - edge/public
  http:
  - route:
    - destination:
        host: web
```
"""

from collections.abc import Iterator
from functools import lru_cache

from meshlint.api import (
    Answer,
    Findings,
    Mesh,
    Place,
    Resource,
    Service,
    Severity,
    VirtualService,
    at,
    finding,
    listed,
    rule,
)
from meshlint.mesh.gateway_names import MESH

_SHOWN = 3


@rule("ML242", "host-outside-gateway", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0132",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    silent = True
    for index, reference in enumerate((spec.gateways if spec else None) or ()):
        hosts = (spec.hosts if spec else None) or ()
        answers = {_takes(reference, host, virtual_service, mesh) for host in hosts}
        if answers != {Answer.NO} or not _is_settled(reference, virtual_service, mesh):
            continue
        silent = False
        more = f" and {len(hosts) - _SHOWN} more" if len(hosts) > _SHOWN else ""
        yield finding(
            at(virtual_service, spec, "gateways", index),
            f"Gateway `{reference}` takes no request for {listed(hosts[:_SHOWN])}{more}: they get 404 there",
            help="add the host to a server of the Gateway, for this namespace, or name another Gateway",
            related=list(_servers(reference, virtual_service, mesh)),
        )
    if silent:
        yield from _unused_hosts(virtual_service, mesh)


def _takes(reference: str, host: str, virtual_service: VirtualService, mesh: Mesh) -> Answer:
    """Whether a Gateway takes a host, as written or as istiod completes a short name (`resolveVirtualServiceShortnames`)."""
    answer = mesh.gateways.takes(reference, host, virtual_service)
    if answer is Answer.NO and "." not in host and "*" not in host:
        return mesh.gateways.takes(reference, mesh.hosts.fqdn(host, mesh.namespace(virtual_service)), virtual_service)
    return answer


def _unused_hosts(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    """The hosts of Services that are for sidecars, which do not use the routes."""
    spec = virtual_service.spec
    names = (spec.gateways if spec else None) or ()
    if spec is None or not names or MESH in names:
        return
    if not all(_is_settled(name, virtual_service, mesh) for name in names):
        return
    home = mesh.namespace(virtual_service)
    for index, host in enumerate(spec.hosts or ()):
        answers = {_takes(name, host, virtual_service, mesh) for name in names}
        if answers == {Answer.NO} and any(isinstance(item, Service) for item in mesh.hosts.named(host, home)):
            has_others = mesh.hosts.fqdn(host, home) in _routed_in_mesh(mesh)
            yield finding(
                at(virtual_service, spec, "hosts", index),
                f"nobody uses these routes for `{host}`: no gateway takes it, and sidecars leave them out",
                help="remove it: sidecars have routes for it from another VirtualService"
                if has_others
                else "add `mesh` to `gateways`, so that they are used for calls inside of the mesh too",
                equivalents=(),
            )


@lru_cache(maxsize=1)  # one mesh at a time
def _routed_in_mesh(mesh: Mesh) -> frozenset[str]:
    """The hosts for which sidecars have routes of some VirtualService."""
    return frozenset(
        mesh.hosts.fqdn(host, home)
        for item in mesh.all(VirtualService)
        if item.spec and MESH in (item.spec.gateways or (MESH,))
        for home in mesh.homes(item)
        for host in item.spec.hosts or ()
    )


def _is_settled(reference: str, virtual_service: VirtualService, mesh: Mesh) -> bool:
    """Whether the files say what both take: no build patches them, and no server lacks the hosts that it must have."""
    if mesh.is_patched(virtual_service):
        return False
    gateways = mesh.gateways.named(reference, mesh.namespace(virtual_service))
    return not any(mesh.is_patched(gateway) or _lacks_hosts(gateway) for gateway in gateways)


def _lacks_hosts(gateway: Resource) -> bool:
    return not all(server.hosts for server in getattr(gateway, "servers", ()))


def _servers(reference: str, virtual_service: VirtualService, mesh: Mesh) -> Iterator[tuple[Place, str]]:
    for gateway in mesh.gateways.named(reference, mesh.namespace(virtual_service))[:_SHOWN]:
        yield at(gateway), "the Gateway is here"
