"""A kind that Istio or the Gateway API had once.

No release of today knows it. The API server refuses it, or, where its definition was never
removed, keeps it, and nothing reads it: a policy that looks deployed and does nothing.

### Bad

```yaml
apiVersion: authentication.istio.io/v1alpha1
kind: Policy  # ML109
metadata:
  name: default
  namespace: shop
spec:
  peers: [{mtls: {}}]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls: {mode: STRICT}
```
"""

from meshlint.api import Findings, GoneKind, Severity, finding, rule


@rule("ML109", "gone-kind", severity=Severity.ERROR, since="0.1.0")
def check(problem: GoneKind) -> Findings:
    yield finding(
        problem.spot,
        f"{problem.kind} of `{problem.api_version}` is gone since {problem.gone}: nothing reads it any more",
        help=f"use {problem.replacement} instead" if problem.replacement else "remove it: nothing does the same",
    )
