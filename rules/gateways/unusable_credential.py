"""A Secret of a Gateway that holds no certificate with a key.

istiod looks for `tls.crt` with `tls.key`, or `cert` with `key`. A Secret with other names is of no use:
the gateway answers no TLS connection on the server
(https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#key-formats).

Only the names in the Secret are read, never what they hold: `istioctl analyze` also reports certificates
that are broken or expired.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: shop  # ML523
    hosts:
    - shop.example.com
---
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: edge
stringData:
  server.crt: "..."
  server.key: "..."
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
  template:
    metadata:
      labels:
        istio: edge-gateway
    spec:
      containers:
      - name: istio-proxy
        image: registry.example/proxyv2:1.30.0
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: shop
    hosts:
    - shop.example.com
---
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: edge
type: kubernetes.io/tls
stringData:
  tls.crt: "..."
  tls.key: "..."
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
  namespace: edge
spec:
  selector:
    matchLabels:
      istio: edge-gateway
  template:
    metadata:
      labels:
        istio: edge-gateway
    spec:
      containers:
      - name: istio-proxy
        image: registry.example/proxyv2:1.30.0
```
"""

from meshlint.api import Findings, Gateway, Mesh, Severity, at, finding, listed, rule

from ._credentials import credential_names


@rule("ML523", "unusable-credential", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0161",))
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    for tls, path, name in credential_names(gateway):
        secrets = mesh.credentials.resolve(name, gateway).found
        if not secrets:
            continue
        from meshlint.api import Secret
        from meshlint.mesh.credentials import lacking

        if all(isinstance(item, Secret) and lacking(item) for item in secrets):
            names = listed(sorted(secrets[0].keys)[:4], "and") if isinstance(secrets[0], Secret) else ""
            yield finding(
                at(gateway, tls, *path),
                f"the Secret `{name}` holds {names}, but no certificate with a key: "
                "the gateway answers no TLS connection",
                help="name them `tls.crt` and `tls.key` in the Secret",
                related=[(at(secrets[0]), "the Secret is here")],
            )
