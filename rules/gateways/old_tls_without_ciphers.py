"""TLS 1.0 or 1.1 is allowed, but no cipher suites for it are listed.

Envoy's default list has only suites of TLS 1.2, so a client of TLS 1.0 or 1.1 finds none in common and
the handshake fails: the lower `minProtocolVersion` does nothing
(`cipherSuites` in <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>).

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
      mode: SIMPLE
      credentialName: shop
      minProtocolVersion: TLSV1_1  # ML511
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
      minProtocolVersion: TLSV1_1
      cipherSuites: [ECDHE-RSA-AES256-GCM-SHA384, ECDHE-RSA-AES256-SHA]
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Severity, at, finding, rule

from ._servers import tls_settings

if TYPE_CHECKING:
    from meshlint.api import Gateway, Sidecar

_OLD = {"TLSV1_0": "TLS 1.0", "TLSV1_1": "TLS 1.1"}


@rule("ML511", "old-tls-without-ciphers", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(owner: "Gateway | Sidecar") -> Findings:
    for tls, _ in tls_settings(owner):
        version = _OLD.get(tls.min_protocol_version or "")
        if version and not tls.cipher_suites:
            yield finding(
                at(owner, tls, "min_protocol_version"),
                f"clients of {version} are let in, but without `cipherSuites` no suite of theirs is: "
                "their handshakes fail",
                help="list suites for them, such as `ECDHE-RSA-AES256-SHA`, or raise the version to `TLSV1_2`",
            )
