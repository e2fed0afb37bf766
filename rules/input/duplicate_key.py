"""A key that a mapping holds twice.

Kubernetes keeps the last value and drops the others without a word (or, with strict decoding,
refuses the object): what the file seems to say is not what the mesh gets.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
    istio-injection: disabled  # ML002
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
```
"""

from meshlint.api import DuplicateKey, Findings, Severity, finding, rule


@rule("ML002", "duplicate-key", severity=Severity.ERROR, since="0.1.0")
def check(problem: DuplicateKey) -> Findings:
    yield finding(
        problem.spot,
        f"the key `{problem.key}` stands here again: Kubernetes keeps this value and drops the earlier one",
        help="keep one of the two",
        related=[(problem.first, "the value that is lost is here")],
    )
