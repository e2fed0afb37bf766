"""A Sidecar that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateSidecar` in
`pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `spec` | sc-empty: it has to configure something |
| `workloadSelector` | sc-selector: no empty keys, no `*` |
| `ingress[].port` | sc-in-port, sc-in-number, sc-in-dup-port, sc-in-protocol, sc-in-port-name, sc-in-targetport |
| `ingress[].bind` | sc-in-bind: an IP address |
| `ingress[].defaultEndpoint` | sc-in-endpoint-unix, sc-in-endpoint-split, sc-in-endpoint-host, sc-in-endpoint-port |
| `ingress[].tls` | sc-in-tls-san, sc-in-tls-redirect, sc-in-tls-credential, sc-in-tls-credentials, sc-in-tls-certificates, sc-in-tls-mode, sc-in-tls-protocol, sc-in-tls-options (the rows tls-* of ML112) |
| `ingress[].connectionPool`, `inboundConnectionPool` | sc-in-pool, sc-pool (since 1.21): as in a DestinationRule |
| `egress[].port` | sc-eg-catchall-last, sc-eg-catchall-one, sc-eg-number, sc-eg-dup-port, sc-eg-protocol, sc-eg-port-name, sc-eg-targetport |
| `egress[].bind` | sc-eg-bind, sc-eg-uds-bind, sc-eg-uds, sc-eg-dup-uds |
| `egress[].captureMode` | sc-eg-uds-capture |
| `egress[].hosts` | sc-eg-hosts, sc-eg-host-form, sc-eg-host-empty, sc-eg-host-ns, sc-eg-host-short, sc-eg-host-name, sc-eg-host-partial |
| `outboundTrafficPolicy` | sc-otp-proxy-mode, sc-otp-proxy-host, sc-otp-proxy-port |

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: shop
spec:
  egress:
  - hosts:
    - reviews.shop.svc.cluster.local  # ML114
    - istio-system/*
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: shop
spec:
  egress:
  - hosts:
    - ./reviews.shop.svc.cluster.local
    - istio-system/*
```
"""

from meshlint.api import Findings, Severity, Sidecar, Target, rule

from ._frame import findings
from ._sidecar import sidecar


@rule(
    "ML114",
    "invalid-sidecar",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("IST0106",),
    covers=("ML107", "ML711"),
)
def check(given: Sidecar, target: Target) -> Findings:
    yield from findings(given, sidecar(given, target))
