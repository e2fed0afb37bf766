"""A redirect to HTTPS for a host that no server takes over HTTPS.

`httpsRedirect` sends clients to https. Where no server of the gateway takes the host there, they find
a closed port, or a certificate for something else
(<https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>, istio/istio issue 27315).

Reported where the Gateway has servers with TLS itself, so that these are not merely elsewhere, and no
Gateway of the input that may be the same pods takes the host with TLS; with `--scope complete` always.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts:
    - shop.example.com
    - pay.example.com  # ML280
    tls: {httpsRedirect: true}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com, pay.example.com]
    tls: {httpsRedirect: true}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ["*.example.com"]
    tls: {mode: SIMPLE, credentialName: shop}
```
"""

from functools import lru_cache

from meshlint.api import Answer, Findings, Gateway, Mesh, Severity, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.host_names import HostIndex, is_wildcard
from meshlint.model.networking.gateway import Server
from meshlint.values.protocols import is_tls


@rule("ML280", "redirect-to-nowhere", severity=Severity.WARNING, since="0.1.0")
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    redirecting = [
        server for server in gateway.servers if server.tls and server.tls.https_redirect and not _takes_tls(server)
    ]
    if not redirecting:
        return
    is_known = mesh.context.scope is Scope.COMPLETE or any(_takes_tls(server) for server in gateway.servers)
    if not is_known or mesh.context.scope is Scope.PARTIAL or mesh.is_patched(gateway):
        return
    for server in redirecting:
        for index, written in enumerate(server.hosts or ()):
            host = written.rpartition("/")[2]
            if not is_wildcard(host) and not _is_taken(mesh, gateway, host):
                yield finding(
                    at(gateway, server, "hosts", index),
                    f"clients of `{host}` are sent to https, where no server takes it",
                    help="add the host to a server with TLS, or remove `httpsRedirect` for it",
                )


def _is_taken(mesh: Mesh, gateway: Gateway, host: str) -> bool:
    return any(
        mesh.gateways.same_workloads(gateway, other) is not Answer.NO for other in _with_tls(mesh).covering(host)
    )


@lru_cache(maxsize=1)  # one mesh at a time
def _with_tls(mesh: Mesh) -> HostIndex[Gateway]:
    """The Gateways by the hosts that they take with TLS."""
    index: HostIndex[Gateway] = HostIndex()
    for gateway in mesh.all(Gateway):
        for server in gateway.servers:
            for written in server.hosts or () if _takes_tls(server) else ():
                index.add(written.rpartition("/")[2], gateway)
    return index


def _takes_tls(server: Server) -> bool:
    return server.port is not None and is_tls(server.port.protocol or "")
