"""TLS to a server whose certificate any public authority may have issued.

Without `caCertificates` the proxy checks the server against the authorities of the operating system. The
connection is checked, but a certificate of any public authority for the name will do; that is right for
public services, and too wide for one's own
(https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings).

Off by default, since most such rules are about public services. `istioctl analyze` says that the server is
not verified, which has not been so since Istio 1.20; what really is not verified is reported by
`unverified-server`.

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
      mode: SIMPLE  # ML440
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
      subjectAltNames:
      - db.example.com
```
"""

from collections.abc import Iterator

from meshlint.api import DestinationRule, Findings, Severity, at, finding, rule
from meshlint.model.networking.traffic_policy import ClientTLSSettings


@rule(
    "ML440",
    "any-public-authority",
    severity=Severity.INFO,
    since="0.1.0",
    equivalents=("IST0128", "IST0129"),
    default=False,
)
def check(destination_rule: DestinationRule) -> Findings:
    for tls, code in _settings(destination_rule):
        # A Secret may hold the authorities, but only gateways and selected workloads read it.
        from_secret = tls.credential_name and destination_rule.spec and destination_rule.spec.workload_selector
        if tls.mode in {"SIMPLE", "MUTUAL"} and not tls.ca_certificates and not from_secret:
            yield finding(
                at(destination_rule, tls, "mode"),
                "the server is checked against the public authorities of the operating system only",
                help="write `caCertificates` for a server of your own",
                equivalents=(code,),
            )


def _settings(destination_rule: DestinationRule) -> Iterator[tuple[ClientTLSSettings, str]]:
    """TLS of the whole host, and of single ports, with the code that `istioctl` has for each."""
    policy = destination_rule.spec.traffic_policy if destination_rule.spec else None
    if policy is None:
        return
    if policy.tls:
        yield policy.tls, "IST0128"
    for port in policy.port_level_settings or ():
        if port.tls:
            yield port.tls, "IST0129"
