"""A revocation list as a file beside certificates from a Secret, where it is not read.

With `credentialName` the revocation list comes from the Secret (`ca.crl`), not from `caCrl`.
istiod means to refuse both together, but for SIMPLE, MUTUAL and OPTIONAL_MUTUAL it stops checking
before it comes there (`validateTLSOptions` of istio/istio): the resource is accepted, and clients
with revoked certificates are too.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop
  namespace: shop
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls:
      mode: MUTUAL
      credentialName: shop
      caCrl: /etc/certs/revoked.pem  # ML514
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop
  namespace: shop
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls:
      mode: MUTUAL
      credentialName: shop
```
"""

from meshlint.api import Findings, Gateway, Severity, at, finding, rule

from ._servers import tls_settings


@rule("ML514", "unused-revocation-list", severity=Severity.WARNING, since="0.1.0")
def check(gateway: Gateway) -> Findings:
    for tls, _ in tls_settings(gateway):
        if tls.ca_crl and tls.mode in {"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"}:
            name = tls.credential_name or next(iter(tls.credential_names or ()), None)
            if name:
                yield finding(
                    at(gateway, tls, "ca_crl"),
                    f"`caCrl` is not read beside a Secret: the revocation list is taken from `{name}`",
                    help="put the list into the Secret as `ca.crl`, and remove `caCrl`",
                )
