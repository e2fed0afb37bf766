"""A required field that is not there.

The API server refuses the whole resource, and what was applied before stays in force.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
  - labels: {version: v1}  # ML103
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
    labels: {version: v1}
```
"""

from meshlint.api import Findings, MissingField, Severity, finding, rule

from ._places import named


@rule("ML103", "missing-field", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(problem: MissingField) -> Findings:
    place = named(problem.field, problem.kind)
    yield finding(
        problem.spot,
        f"{place} lacks `{problem.name}`, which is required: the API server refuses this {problem.kind}",
        help=f"add `{problem.name}`",
    )
