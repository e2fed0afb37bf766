"""Certificates for a server that passes TLS through and so never uses them.

With PASSTHROUGH and AUTO_PASSTHROUGH the gateway looks at the SNI only; the workload behind it
terminates TLS. PASSTHROUGH is also what a missing `mode` means: `tls: {credentialName: shop}` does
not terminate TLS
(<https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings-TLSmode>).

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
      credentialName: shop  # ML512
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
      mode: SIMPLE
      credentialName: shop
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Severity, at, finding, rule

from ._servers import tls_settings

if TYPE_CHECKING:
    from meshlint.api import Gateway, Sidecar

_CERTIFICATES = {
    "server_certificate": "serverCertificate",
    "private_key": "privateKey",
    "ca_certificates": "caCertificates",
    "ca_crl": "caCrl",
    "tls_certificates": "tlsCertificates",
    "credential_name": "credentialName",
    "credential_names": "credentialNames",
}


@rule("ML512", "unused-server-certificate", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(owner: "Gateway | Sidecar") -> Findings:
    for tls, _ in tls_settings(owner):
        if tls.mode not in {None, "PASSTHROUGH", "AUTO_PASSTHROUGH"}:
            continue
        unused = [name for name in _CERTIFICATES if getattr(tls, name)]
        if unused:
            said = ", ".join(f"`{_CERTIFICATES[name]}`" for name in unused)
            mode = tls.mode or "PASSTHROUGH, which a missing `mode` means,"
            yield finding(
                at(owner, tls, unused[0]),
                f"{mode} leaves TLS to the workload behind: {said} {'is' if len(unused) == 1 else 'are'} not used",
                help="write `mode: SIMPLE` (or `MUTUAL`) to terminate TLS here, or remove the certificates",
            )
