"""Routes that the server of their gateway does not use.

A server that passes TLS through looks at the SNI only: it uses `tls` routes, and `http` routes are
never tried. One that ends TLS, or takes plain HTTP, sees requests: it uses `http` routes, and `tls`
routes are never tried. With routes of the other kind alone clients get 404, or the connection is
closed (<https://istio.io/latest/docs/ops/common-problems/network-issues/#gateway-mismatch>,
`buildGatewayListeners` in `pilot/pkg/networking/core/gateway.go`).

Said where every server that takes the host, of every gateway named, wants another kind of routes.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: tls, protocol: TLS}
    tls: {mode: PASSTHROUGH}
    hosts: [shop.example.com]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/shop]
  http:  # ML278
  - route:
    - destination: {host: web}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: tls, protocol: TLS}
    tls: {mode: PASSTHROUGH}
    hosts: [shop.example.com]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/shop]
  tls:
  - match:
    - sniHosts: [shop.example.com]
    route:
    - destination: {host: web, port: {number: 443}}
```
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule
from meshlint.mesh.gateway_names import MESH
from meshlint.values.protocols import is_http

if TYPE_CHECKING:
    from meshlint.model.networking.gateway import Gateway, Server

_WANTED = {"http": "`http` routes", "tls": "`tls` routes"}


@rule("ML278", "routes-of-wrong-kind", severity=Severity.ERROR, since="0.1.0")
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    names = (spec.gateways if spec else None) or ()
    if spec is None or not names or MESH in names:
        return
    kinds = [kind for kind in ("http", "tls", "tcp") if getattr(spec, kind)]
    if len(kinds) != 1 or kinds[0] == "tcp":
        return
    servers = list(_servers(virtual_service, names, mesh))
    wanted = {_wants(server) for _, server in servers if server is not None}
    if not servers or any(server is None for _, server in servers) or wanted - {"http", "tls"} or kinds[0] in wanted:
        return
    gateway, server = servers[0]
    [kind] = wanted
    does = "passes TLS through" if kind == "tls" else "ends TLS, or takes plain HTTP"
    yield finding(
        at(virtual_service, spec, kinds[0]).key(),
        f"these routes are never tried: the server of Gateway `{mesh.namespace(gateway)}/{gateway.name}` {does} and uses {_WANTED[kind]}",
        help=f"write {_WANTED[kind]}, or change `tls.mode` of the server",
        related=[(at(gateway, server, "tls" if server and server.tls else "port").key(), "the server")],
    )


def _servers(
    virtual_service: VirtualService, names: tuple[str, ...], mesh: Mesh
) -> "Iterator[tuple[Gateway, Server | None]]":
    """Every server that takes a host of the VirtualService; None stands for one that nobody can tell."""
    from meshlint.api import Gateway

    home = mesh.namespace(virtual_service)
    for name in names:
        gateways = mesh.gateways.named(name, home)
        if not gateways:
            yield Gateway(api_version="", kind=""), None
        for gateway in gateways:
            if not isinstance(gateway, Gateway):
                yield Gateway(api_version="", kind=""), None
                continue
            for host in (virtual_service.spec.hosts if virtual_service.spec else None) or ():
                for server in mesh.gateways.taking(gateway, host, home):
                    yield gateway, server


def _wants(server: "Server") -> str:
    """The kind of routes that a server uses: `http`, `tls`, or another that is not judged here."""
    protocol = (server.port.protocol or "" if server.port else "").upper()
    mode = server.tls.mode or "PASSTHROUGH" if server.tls else None
    if is_http(protocol):
        return "http"
    if protocol in {"HTTPS", "TLS"} and mode == "PASSTHROUGH":
        return "tls"
    return (
        "http" if protocol == "HTTPS" and mode in {"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL", "ISTIO_MUTUAL"} else "other"
    )
