"""A redirect to HTTPS that clients never get out of.

`httpsRedirect` answers every plain-text request with 301 to https. Where something in front of the
gateway ends TLS and passes plain text on, the redirected request comes in as plain text again, and the
browser gives up with "too many redirects". That is so for a server of protocol HTTP on port 443, and
for a load balancer with a certificate of its own (`aws-load-balancer-ssl-cert`) whose TLS port leads to
the same port of the pods as the plain one
(<https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>, `httpsRedirect`;
istio/istio issues 16778 and 23674).

Not said where the mesh config trusts proxies in front (`gatewayTopology`): then `X-Forwarded-Proto` counts.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: http-443, protocol: HTTP}
    hosts: [shop.example.com]
    tls:
      httpsRedirect: true  # ML279
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
    hosts: [shop.example.com]
    tls: {httpsRedirect: true}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop}
```
"""

from meshlint.api import Findings, Gateway, Mesh, Service, Severity, at, finding, rule
from meshlint.values.protocols import is_http

_CERTIFICATE = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert"
_TLS_PORTS = "service.beta.kubernetes.io/aws-load-balancer-ssl-ports"
_HELP = "remove `httpsRedirect` and let the load balancer redirect, or end TLS at the gateway"


@rule("ML279", "redirect-loop", severity=Severity.WARNING, since="0.1.0")
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    for server in gateway.servers:
        number = server.port.number if server.port else None
        if (
            server.tls is None
            or not server.tls.https_redirect
            or not number
            or not is_http((server.port and server.port.protocol) or "")
        ):
            continue
        if _trusts_proxies(mesh):
            return
        place = at(gateway, server.tls, "https_redirect")
        if number == 443:
            yield finding(
                place,
                "plain text on port 443 means that something before the gateway ends TLS: each redirected request comes back here",
                help=_HELP,
            )
            continue
        served = mesh.gateway_workloads.served(gateway)
        for service in served.services if served is not None else ():
            looping = _tls_port_beside(service, number)
            if looping is not None:
                yield finding(
                    place,
                    f"the load balancer of Service `{service.name}` ends TLS on port {looping} and sends plain text to this server, "
                    "which redirects it again",
                    help=_HELP,
                    related=[
                        (at(service, None, "metadata", "annotations", _CERTIFICATE), "it has a certificate of its own")
                    ],
                )
                break


def _trusts_proxies(mesh: Mesh) -> bool:
    configs = (config.default_config for config in mesh.settings.configs)
    return any(config is not None and config.gateway_topology is not None for config in configs)


def _tls_port_beside(service: Service, number: int) -> int | None:
    """The port on which the load balancer ends TLS and that leads where the port of the server leads."""
    if not service.annotations.get(_CERTIFICATE):
        return None
    from meshlint.mesh.services import find_port, target_of

    plain = find_port(service, number)
    named = {part.strip() for part in service.annotations.get(_TLS_PORTS, "*").split(",")}
    for port in service.ports:
        takes_tls = "*" in named or str(port.port) in named or (port.name or "") in named
        if plain is not None and port is not plain and port.port and takes_tls and target_of(port) == target_of(plain):
            return port.port
    return None
