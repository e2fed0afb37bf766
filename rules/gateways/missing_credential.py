"""A certificate of a Gateway for which there is no Secret.

The gateway waits for the Secret and answers no TLS connection on the server until it has it. The Secret
must be in the namespace of the gateway's *pods*, which often is not that of the Gateway
(https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/#troubleshooting).

Secrets are seldom in git. So meshlint says so only where the files hold pods of the gateway, and
Secrets, or what makes them (SealedSecret, ExternalSecret, Certificate), for their namespace, or a Secret
of that name for another one.

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
      credentialName: shop  # ML522
    hosts:
    - shop.example.com
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: shop
  namespace: shop
spec:
  secretName: shop
  dnsNames:
  - shop.example.com
  issuerRef:
    name: letsencrypt
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
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: shop
  namespace: edge
spec:
  secretName: shop
  dnsNames:
  - shop.example.com
  issuerRef:
    name: letsencrypt
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

from meshlint.api import Findings, Gateway, Mesh, Severity, at, finding, rule
from meshlint.mesh.references import Reference

from ._credentials import credential_names


@rule("ML522", "missing-credential", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0101",))
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    for tls, path, name in credential_names(gateway):
        outcome = mesh.credentials.resolve(name, gateway)
        if outcome.is_missing:
            homes = mesh.gateway_workloads.namespaces(gateway)
            # A namespace in the name does not help: istiod gives gateways no Secret of another one.
            where = f"namespace `{homes[0]}`" + (f" and {len(homes) - 1} more" if len(homes) > 1 else "")
            yield finding(
                at(gateway, tls, *path),
                f"there is no Secret `{name.rpartition('/')[2]}` in {where}, where the gateway runs: it answers no TLS connection without",
                help=_advice(outcome, homes[0], mesh),
                related=[(at(item), "this Secret is in another namespace") for item in outcome.hidden],
            )


def _advice(outcome: Reference, home: str, mesh: Mesh) -> str:
    if outcome.near:
        return f"did you mean `{outcome.near}`?"
    if outcome.hidden:
        return f"move the Secret from `{mesh.namespace(outcome.hidden[0])}` to `{home}`"
    return "correct the name, or write the Secret"
