"""A Gateway that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message, and where the webhook is off or bypassed, istiod
generates no listener for what is wrong. The checks are those of `ValidateGateway` in
`pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `metadata.name` | gw-name: a DNS label, no dots |
| `servers` | gw-no-servers: at least one |
| `servers[].port` | gw-port-required |
| `port.name` | gw-port-name-required, gw-port-name-unique |
| `port.protocol` | gw-port-protocol: one that Istio knows; none is refused too |
| `port.number` | gw-port-number: 1 to 65535; gw-bind-unix-port: 0 with a Unix domain socket |
| `port.targetPort` | gw-targetport: may not be set |
| `bind` | gw-bind-unix, gw-bind-ip: a socket or an IP address |
| `hosts` | gw-hosts-empty: at least one |
| `hosts[]` | gw-host-ns-empty, gw-host-ns-format, gw-host-short, gw-host-partial-wildcard, gw-host-format |
| `tls` | gw-tls-required (HTTPS, TLS), gw-tls-on-http (only `httpsRedirect`), gw-tls-on-plain |
| `tls.*` with ISTIO_MUTUAL | tls-istio-mutual-extra: no certificates, no secrets |
| `tls.*` of several sources | tls-one-source (since 1.27) |
| `tls.*` with SIMPLE, MUTUAL, OPTIONAL_MUTUAL and no secret | tls-server-cert, tls-private-key, tls-mutual-ca |
| `tls.caCrl` | tls-crl-credential, tls-crl-simple (since 1.22) |

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop
  namespace: shop
spec:
  selector:
    istio: ingressgateway
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop]  # ML112
    tls:
      mode: SIMPLE
      credentialName: shop
  - port: {number: 80, name: https, protocol: HTTP}  # ML112
    hosts: ["*.example.com"]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: shop
  namespace: shop
spec:
  selector:
    istio: ingressgateway
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls:
      mode: SIMPLE
      credentialName: shop
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*.example.com"]
    tls: {httpsRedirect: true}
```
"""

from meshlint.api import Findings, Gateway, Severity, Target, rule

from ._frame import findings
from ._gateway import gateway_faults


@rule(
    "ML112",
    "invalid-gateway",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML107", "ML512"),
)
def check(gateway: Gateway, target: Target) -> Findings:
    yield from findings(gateway, gateway_faults(gateway, target))
