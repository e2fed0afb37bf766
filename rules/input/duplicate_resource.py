"""A resource that one file holds twice.

`kubectl apply` applies both, one after the other: the later document silently replaces the
earlier one. Two *files* that hold the same resource are taken for alternatives (overlays,
environments) and not reported.

### Bad

```yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reviews
  namespace: shop
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reviews  # ML004
  namespace: shop
```

### Good

```yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reviews
  namespace: shop
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ratings
  namespace: shop
```
"""

from meshlint.api import DuplicateResource, Findings, Severity, finding, rule


@rule("ML004", "duplicate-resource", severity=Severity.WARNING, since="0.1.0")
def check(problem: DuplicateResource) -> Findings:
    name = f"{problem.namespace}/{problem.name}" if problem.namespace else problem.name
    yield finding(
        problem.spot,
        f"{problem.kind} `{name}` stands here again: applied in order, this one replaces the earlier one",
        help="remove one of the two, or give them different names",
        related=[(problem.first, "the one that is lost is here")],
    )
