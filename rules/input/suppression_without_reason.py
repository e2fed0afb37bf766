"""A suppression that does not say why.

Who reads it next year cannot tell whether it may go. On where the configuration says
`require-reason: true`.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
      weight: 50  # meshlint: ignore[lone-weight]  # ML007
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
      weight: 50  # meshlint: ignore[lone-weight] the second half comes next week
```
"""

from meshlint.api import Findings, Severity, SuppressionWithoutReason, finding, rule


@rule("ML007", "suppression-without-reason", severity=Severity.WARNING, since="0.1.0", default=False, ignorable=False)
def check(problem: SuppressionWithoutReason) -> Findings:
    yield finding(
        problem.spot,
        f"this silences `{problem.word}` without a reason",
        help="say why behind the bracket: `# meshlint: ignore[CODE] reason`; in the annotation `CODE: reason`",
    )
