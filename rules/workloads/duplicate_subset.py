"""A subset that two DestinationRules of one host define.

istiod merges the rules of one namespace for one host. Of subsets with the same name it keeps that of the older
rule and drops the other, with its labels and its traffic policy
(https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: v1
    labels:
      version: v1
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews-canary
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: v1  # ML664
    labels:
      version: v1-rc
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: v1
    labels:
      version: v1
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews-canary
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: canary
    labels:
      version: v1-rc
```
"""

import msgspec

from meshlint.api import Answer, DestinationRule, Findings, Mesh, Severity, at, finding, rule


@rule("ML664", "duplicate-subset", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0201",))
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    if spec is None or not spec.host or not destination_rule.subsets or spec.workload_selector is not None:
        return
    lookup = mesh.destination_rules.for_host(spec.host, mesh.namespace(destination_rule))
    if len(lookup.rules) < 2 or lookup.answer is not Answer.YES or destination_rule not in lookup.rules:
        return
    in_force = lookup.subsets()
    for subset in destination_rule.subsets:
        other, kept = in_force.get(subset.name or "", (destination_rule, subset))
        if other is destination_rule or msgspec.to_builtins(kept) == msgspec.to_builtins(subset):
            continue
        yield finding(
            at(destination_rule, subset, "name"),
            f"DestinationRule `{other.name}` defines subset `{subset.name}` of `{spec.host}` too: "
            "only that of the older rule is in force",
            help="give one of them another name, or write both into one DestinationRule",
            related=[(at(other, kept, "name"), "the other subset")],
        )
