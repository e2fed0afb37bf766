"""TLS to a server whose certificate is not checked.

With `insecureSkipVerify: true` the proxy takes any certificate: whoever can get between it and the server
reads and changes everything
(https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: db
  namespace: shop
spec:
  host: db.example.com
  trafficPolicy:
    tls:
      mode: SIMPLE
      insecureSkipVerify: true  # ML441
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: db
  namespace: shop
spec:
  host: db.example.com
  trafficPolicy:
    tls:
      mode: SIMPLE
      caCertificates: /etc/certs/ca.pem
```
"""

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule


@rule("ML441", "unverified-server", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule) -> Findings:
    for tls in destination_rule.tls_settings():
        if tls.insecure_skip_verify and tls.mode in {"SIMPLE", "MUTUAL"}:
            yield finding(
                at(destination_rule, tls, "insecure_skip_verify"),
                "the certificate of the server is not checked: anybody in between can read and change the traffic",
                help="remove it, and write `caCertificates` if the authority is your own",
            )
