"""A field that the kind does not have at this place.

`kubectl apply` refuses the resource; most other clients (controllers, Helm, older kubectl) have
the field dropped by the API server with at most a warning
(<https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation>). Either way what
is written does not happen: a timeout does not apply, a policy does not select.

A field of a later release than the one that is checked against is
[newer-field](ML108.md).

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
      timeout: 5s  # ML101
    retires: {attempts: 2}  # ML101
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews.shop.svc.cluster.local]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
    timeout: 6s
    retries: {attempts: 2, perTryTimeout: 2s, retryOn: 5xx}
```
"""

from meshlint.api import Edit, Findings, Fix, Severity, UnknownField, finding, listed, rule

from ._places import belongs, holder

_SHOWN = 6


@rule("ML101", "unknown-field", severity=Severity.ERROR, since="0.1.0", covers=("ML710",))
def check(problem: UnknownField) -> Findings:
    place = f"`{inside}`" if (inside := holder(problem.field)) else "the document"
    yield finding(
        problem.spot,
        f"{place} has no field `{problem.name}`: kubectl refuses this {problem.kind}, other clients have the field dropped",
        help=_help(problem),
        fix=_fix(problem),
    )


def _help(problem: UnknownField) -> str:
    if problem.experimental:
        return (
            "it is of the experimental channel: remove it, or check against both channels (--gateway-api-version X.Y)"
        )
    said = []
    if problem.nearest:
        said.append(f"did you mean `{problem.nearest}`?")
    if problem.elsewhere and not problem.fits:
        said.append(belongs(problem.name, problem.field, problem.elsewhere))
    if said:
        return " ".join(said)
    if not problem.known:
        return "remove it: nothing may be written here"
    more = len(problem.known) - _SHOWN
    return f"remove it; known here are {listed(problem.known[:_SHOWN], 'and')}" + (
        f" and {more} more" if more > 0 else ""
    )


def _fix(problem: UnknownField) -> Fix | None:
    """Rename it, where that is the only reading."""
    if problem.nearest is None or not problem.fits or problem.elsewhere or problem.experimental:
        return None
    edit = Edit(problem.spot, "rename", problem.nearest)
    return Fix(f"rename `{problem.name}` to `{problem.nearest}`", (edit,))
