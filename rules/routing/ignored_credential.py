"""A `credentialName` that sidecars do not read.

Only gateways fetch the Secret of a DestinationRule. A sidecar does so only under a rule with a
`workloadSelector`; under any other it connects without the certificate, so that a MUTUAL server
refuses it, and SIMPLE is verified against other roots
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings>, `credentialName`).

Reported where routes of sidecars lead to the host and no route of a gateway does.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bank, namespace: shop}
spec:
  hosts: [api.bank.example]
  http:
  - route:
    - destination: {host: api.bank.example}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: api.bank.example
  trafficPolicy:
    tls:
      mode: MUTUAL
      credentialName: bank  # ML271
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: api.bank.example
  workloadSelector: {matchLabels: {app: payments}}
  trafficPolicy:
    tls:
      mode: MUTUAL
      credentialName: bank
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule

from ._routed import destinations_of


@rule("ML271", "ignored-credential", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    if spec is None or not spec.host or spec.workload_selector is not None:
        return
    named = [tls for tls in destination_rule.tls_settings() if tls.credential_name and tls.mode in {"SIMPLE", "MUTUAL"}]
    uses = destinations_of(mesh, mesh.hosts.fqdn(spec.host, mesh.namespace(destination_rule))) if named else ()
    if not uses or any(use.at_gateway for use in uses):
        return
    for tls in named:
        yield finding(
            at(destination_rule, tls, "credential_name"),
            f"sidecars do not read Secret `{tls.credential_name}`, and only routes of sidecars lead to `{spec.host}`",
            help="add a `workloadSelector` for the clients, or send the traffic through an egress gateway",
            related=[(at(uses[0].virtual_service, uses[0].destination, "host"), "a route of sidecars")],
        )
