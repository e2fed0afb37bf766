"""A certificate that several Gateways use on one port.

A browser that is connected to one host uses the same HTTP/2 connection for every other host that the
certificate is good for. The gateway has told the connection by its first host, and answers 404 to the
others. It comes and goes with what was asked first
(https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate).

Reported for Gateways of the same pods that end TLS on one port with one certificate, but for different
hosts. Of two Gateways with different selectors the wider one is reported. Other ports, and PASSTHROUGH,
do no harm and are not reported, in contrast to `istioctl analyze`.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: wildcard  # ML525
    hosts:
    - cart.example.com
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: wildcard  # ML525
    hosts:
    - shop.example.com
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
    istio: edge-gateway
  servers:
  - port:
      number: 443
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: wildcard
    hosts:
    - "*.example.com"
```
"""

from meshlint.api import Findings, Gateway, Mesh, Severity, at, finding, rule


@rule("ML525", "shared-certificate", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0138",))
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    for certificate in mesh.server_conflicts.certificates(gateway):
        tls, rivals = certificate.server.tls, certificate.rivals
        field = "credential_name" if tls and tls.credential_name else "server_certificate"
        yield finding(
            at(gateway, tls, field),
            f"{rivals.names} {'uses' if rivals.single else 'use'} certificate `{certificate.name}` on the same port "
            "for other hosts: browsers that reuse the connection get 404",
            help="serve all hosts of a certificate in one server, or give each its own certificate",
            related=rivals.places("this Gateway has the same certificate"),
        )
