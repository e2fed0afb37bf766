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


@rule("ML103", "missing-field", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(problem: MissingField) -> Findings:
    place = f"`{problem.field}`" if problem.field else f"this {problem.kind}"
    refused = f"this {problem.kind}" if problem.field else "it"
    yield finding(
        problem.spot,
        f"{place} lacks `{problem.name}`, which is required: the API server refuses {refused}",
        help=f"add `{problem.name}`",
    )
