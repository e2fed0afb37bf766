"""A suppression that names no rule, and so silences nothing.

A comment takes codes, names, and codes of other tools, in brackets:
`# meshlint: ignore[ML204, missing-host, IST0101] reason`. At the end of a line it covers that line; alone
on a line it covers the next one. `# meshlint: ignore-file[ML401] reason` covers the file. The annotation
`meshlint.dev/ignore: "ML204,ML205: reason; ML301: reason"` covers its resource.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
  annotations:
    meshlint.dev/ignore: "missing-hosts: comes with the next release"  # ML006
spec:  # meshlint: ignore everything (ML006)
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}  # meshlint: ignore[subset] ML006
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

from meshlint.api import Findings, Severity, UnknownSuppression, finding, rule


@rule("ML006", "unknown-suppression", severity=Severity.WARNING, since="0.1.0", ignorable=False)
def check(problem: UnknownSuppression) -> Findings:
    if not problem.word:
        yield finding(
            problem.spot,
            "this silences nothing: it names no rule",
            help="write `# meshlint: ignore[CODE] reason`, or in the annotation `CODE: reason`",
        )
    else:
        advice = f"did you mean `{problem.nearest}`?" if problem.nearest else "`meshlint explain` lists all rules"
        yield finding(problem.spot, f"no rule is called `{problem.word}`: this silences nothing", help=advice)
