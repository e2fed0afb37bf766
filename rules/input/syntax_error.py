"""Text that is no YAML.

`kubectl apply` refuses the file, and a GitOps controller stops syncing everything that is
deployed with it. Other documents of the file are still judged.

Mesh config and mesh networks in the ConfigMap `istio` are YAML inside a text. Where that cannot be read,
istiod does not start; where it runs already, it keeps the configuration that it had.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews  # ML001
  http: []
```

### Good

```yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reviews
```
"""

from meshlint.api import Findings, Severity, SyntaxProblem, finding, rule


@rule("ML001", "syntax-error", severity=Severity.ERROR, since="0.1.0")
def check(problem: SyntaxProblem) -> Findings:
    yield finding(
        problem.spot,
        f"this is no YAML that {problem.reader} can read: {problem.message}",
        help=problem.help or "correct the text; the other documents of the file were judged",
    )
