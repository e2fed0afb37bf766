"""A cipher suite that istiod leaves out: it knows none of that name, or has it already.

istiod drops names that it does not know and tells only its log and, as a warning, whoever applies
the resource. Where nothing of the list is left, Envoy takes its own default list, which is seldom
what the author of a list wants (`FilterCipherSuites` and `validateTLSOptions` of istio/istio).

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
      cipherSuites:
      - ECDHE-RSA-AES256-GCM-SHA384
      - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256  # ML510
      - ECDHE-RSA-AES256-GCM-SHA384  # ML510
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
      cipherSuites:
      - ECDHE-RSA-AES256-GCM-SHA384
      - ECDHE-RSA-AES128-GCM-SHA256
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Severity, at, finding, rule
from meshlint.suggest import nearest

from ._servers import tls_settings

if TYPE_CHECKING:
    from meshlint.api import Gateway, Sidecar

_KNOWN = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-ECDSA-AES256-SHA",
    "ECDHE-RSA-AES256-SHA",
    "AES128-GCM-SHA256",
    "AES256-GCM-SHA384",
    "AES128-SHA",
    "AES256-SHA",
    "DES-CBC3-SHA",
)


@rule("ML510", "ignored-cipher-suites", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(owner: "Gateway | Sidecar") -> Findings:
    for tls, _ in tls_settings(owner):
        seen: set[str] = set()
        for index, suite in enumerate(tls.cipher_suites or ()):
            place = at(owner, tls, "cipher_suites", index)
            if suite in seen:
                yield finding(place, f"`{suite}` is in the list twice: istiod ignores this one", help="remove it")
            elif suite in _KNOWN:
                seen.add(suite)
            elif not _is_passed_on(suite):
                near = nearest(suite, _KNOWN)
                yield finding(
                    place,
                    f"istiod knows no cipher suite `{suite}` and ignores it",
                    help=f"did you mean `{near}`?" if near else f"write BoringSSL's name, such as `{_KNOWN[1]}`",
                )


def _is_passed_on(suite: str) -> bool:
    """Whether istiod hands an entry to BoringSSL unseen: `ALL`, and rules such as `[A|B]` and `-AES128-SHA`."""
    return suite in {"", "ALL"} or not suite[0].isalnum()
