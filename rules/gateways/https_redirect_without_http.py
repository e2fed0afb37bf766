"""A redirect to HTTPS on a port that does not take plain HTTP.

`httpsRedirect` answers 301 to requests in plain text. A port of protocol HTTPS, TLS or TCP has
none, so the setting does nothing, and the port with HTTP still lets plain text in
(<https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>).

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
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com]
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls:
      mode: SIMPLE
      credentialName: shop
      httpsRedirect: true  # ML513
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
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com]
    tls:
      httpsRedirect: true
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls:
      mode: SIMPLE
      credentialName: shop
```
"""

from meshlint.api import Findings, Gateway, Severity, at, finding, rule
from meshlint.values.protocols import is_http

from ._servers import tls_settings


@rule("ML513", "https-redirect-without-http", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(gateway: Gateway) -> Findings:
    for tls, port in tls_settings(gateway):
        if tls.https_redirect and port is not None and not is_http(port.protocol or ""):
            yield finding(
                at(gateway, tls, "https_redirect"),
                f"nothing is redirected: the port has protocol {port.protocol or 'unknown'}, "
                "and only requests in plain HTTP can be",
                help="move `httpsRedirect` to the server of the port with HTTP",
            )
