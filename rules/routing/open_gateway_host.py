"""A server of a Gateway that lets every namespace serve any host.

With `hosts: ["*"]` a VirtualService of any namespace may bind to the Gateway and take traffic of any
host, also one that another team serves. `namespace/host` says who may serve what
(<https://istio.io/latest/docs/ops/best-practices/security/#gateways>).

Off by default: on a cluster of one team it is fine.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts:
    - "*"  # ML286
    tls: {mode: SIMPLE, credentialName: shop}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop/shop.example.com]
    tls: {mode: SIMPLE, credentialName: shop}
```
"""

from meshlint.api import Findings, Gateway, Severity, at, finding, rule


@rule("ML286", "open-gateway-host", severity=Severity.INFO, since="0.1.0", default=False)
def check(gateway: Gateway) -> Findings:
    for server in gateway.servers:
        if server.tls is not None and server.tls.https_redirect:
            continue
        for index, host in enumerate(server.hosts or ()):
            if host in {"*", "*/*"}:
                yield finding(
                    at(gateway, server, "hosts", index),
                    "a VirtualService of any namespace may take traffic of any host here",
                    help="write `namespace/host` for each host that is served",
                )
