"""An apiVersion of the Gateway API that is deprecated.

It is still served, but a later release will refuse it. The versions `v1alpha3` and `v1beta1` of
Istio's own kinds are not deprecated and not reported.

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1alpha2  # ML106
kind: TLSRoute
metadata:
  name: reviews
  namespace: shop
spec:
  hostnames: [reviews.example.com]
  parentRefs: [{name: public}]
  rules:
  - backendRefs: [{name: reviews, port: 443}]
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata:
  name: reviews
  namespace: shop
spec:
  hostnames: [reviews.example.com]
  parentRefs: [{name: public}]
  rules:
  - backendRefs: [{name: reviews, port: 443}]
```
"""

from meshlint.api import DeprecatedVersion, Edit, Findings, Fix, Severity, finding, rule


@rule("ML106", "deprecated-version", severity=Severity.WARNING, since="0.1.0")
def check(problem: DeprecatedVersion) -> Findings:
    yield finding(
        problem.spot,
        f"`{problem.api_version}` of {problem.kind} is deprecated in {problem.target}: a later release will refuse it",
        help=f"write `apiVersion: {problem.replacement}`",
        fix=_fix(problem),
    )


def _fix(problem: DeprecatedVersion) -> Fix | None:
    """Another version, where everything else may stay as it is."""
    if not problem.same_schema:
        return None
    return Fix(f"write `apiVersion: {problem.replacement}`", (Edit(problem.spot, "set", problem.replacement),))
