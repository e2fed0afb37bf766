"""A field or value that exists, but only in later releases than the one that is checked against.

For that release it is unknown: `kubectl apply` refuses the resource, or the API server drops the
field. Which release is meant says `--istio-version` or `--gateway-api-version`, or the
installation of Istio in the input (see [versions](../versions.md)).

### Bad

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: mesh
  namespace: istio-system
spec:
  tag: 1.22.3
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
      warmup: {duration: 60s}  # ML108
```

### Good

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: mesh
  namespace: istio-system
spec:
  tag: 1.24.0
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  trafficPolicy:
    loadBalancer:
      simple: LEAST_REQUEST
      warmup: {duration: 60s}
```
"""

from meshlint.api import Findings, NewerField, Severity, Target, WrongValue, finding, rule, shown


@rule("ML108", "newer-field", severity=Severity.ERROR, since="0.1.0")
def check(problem: NewerField | WrongValue, target: Target) -> Findings:
    if isinstance(problem, NewerField):
        project = problem.target.rpartition(" ")[0]
        yield finding(
            problem.spot,
            f"`{problem.name}` exists since {project} {problem.since}; {problem.target} does not know it: "
            f"kubectl refuses this {problem.kind}, other clients have the field dropped",
            help=f"remove it until you run {project} {problem.since}",
        )
    elif problem.since is not None:
        is_istios = ".istio.io/" in problem.api_version
        project, release = ("Istio", target.istio) if is_istios else ("Gateway API", target.gateway_api)
        yield finding(
            problem.spot,
            f"`{shown(problem.value)}` exists since {project} {problem.since}; {project} {release} refuses this {problem.kind}",
            help=f"for {project} {release} write {problem.expected}",
        )
