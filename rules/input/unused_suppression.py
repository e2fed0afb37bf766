"""A suppression that silences nothing.

What it once silenced is fixed, or it never stood at the right place. Left where it is, it will hide
the next finding of that rule there, and readers take it for a fact about the line.

Said only where the run can know it: the rule ran, and for rules that look at several resources the
whole configuration was read (not single files of it). A rule that may not be silenced (`ignorable:
false` in the configuration) is named here too, since its findings stay.

### Bad

```yaml options="--extend-select ML205"
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}  # meshlint: ignore[lone-weight] the weight went, this ML005 stayed
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
```
"""

from meshlint.api import Findings, Severity, UnusedSuppression, finding, rule


@rule("ML005", "unused-suppression", severity=Severity.WARNING, since="0.1.0", ignorable=False)
def check(problem: UnusedSuppression) -> Findings:
    if problem.locked:
        yield finding(
            problem.spot,
            f"`{problem.word}` may not be silenced: its findings stay",
            help="mend what it reports; who owns the configuration decides what is `ignorable`",
        )
    else:
        yield finding(problem.spot, f"`{problem.word}` silences nothing here", help="remove it")
