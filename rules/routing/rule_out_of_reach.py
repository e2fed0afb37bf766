"""A DestinationRule that is exported, but that other namespaces do not use.

Clients look for the rule of a host in three namespaces only: their own, that of the service, and the
root namespace. A rule that lives in any other one holds for clients of its own namespace, whatever its
`exportTo` says; for all others it is as if it were not there
(<https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration>).

Said only where `exportTo` names other namespaces (or `*`): a rule without it may be meant for its own.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: platform}
spec:
  host: reviews.shop.svc.cluster.local
  exportTo:  # ML266
  - "*"
  trafficPolicy:
    outlierDetection: {consecutive5xxErrors: 5}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  exportTo: ["*"]
  trafficPolicy:
    outlierDetection: {consecutive5xxErrors: 5}
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.host_names import service_of


@rule("ML266", "rule-out-of-reach", severity=Severity.WARNING, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    if spec is None or not spec.host or not spec.export_to or destination_rule.namespace is None:
        return
    homes = set(mesh.homes(destination_rule))
    others = [entry for entry in spec.export_to if entry not in {".", "~", *homes}]
    service = service_of(mesh.hosts.fqdn(spec.host, destination_rule.namespace))
    if not others or service is None or not homes.isdisjoint({service.namespace, mesh.settings.root_namespace}):
        return
    yield finding(
        at(destination_rule, spec, "export_to").key(),
        f"clients of other namespaces look for rules of `{spec.host}` in their own, in `{service.namespace}` and in "
        f"`{mesh.settings.root_namespace}`: this one in `{destination_rule.namespace}` is not found, exported or not",
        help=f"move it to `{service.namespace}`, or to the namespace of the clients",
    )
