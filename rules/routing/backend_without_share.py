"""Weights of backends that keep some, or all, from getting requests.

In the Gateway API the weight of a backend is relative to the sum of its rule's, and 1 where it is
absent: beside `weight: 90` an absent one is no "rest", but one request in 91. Where all weights are 0,
every request gets 500
(<https://gateway-api.sigs.k8s.io/reference/spec/#backendref>, `weight`; HTTPRoute `backendRefs`).

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs:
    - name: reviews-v1
      port: 80
      weight: 90
    - name: reviews-v2  # ML276
      port: 80
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: reviews, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  rules:
  - backendRefs:
    - {name: reviews-v1, port: 80, weight: 90}
    - {name: reviews-v2, port: 80, weight: 10}
```
"""

from meshlint.api import Findings, Severity, at, finding, gateway_api, rule


@rule("ML276", "backend-without-share", severity=Severity.WARNING, since="0.1.0")
def check(
    route: gateway_api.HTTPRoute | gateway_api.GRPCRoute | gateway_api.TLSRoute | gateway_api.TCPRoute,
) -> Findings:
    for entry in (route.spec.rules if route.spec else None) or ():
        backends = entry.backend_refs or ()
        weights = [item.parts for item in backends]
        if backends and not any(weights):
            yield finding(
                at(route, entry, "backend_refs").key(),
                "all weights are 0: no backend gets anything, and every request of the rule fails with 500",
                help="give a backend a weight above 0, or remove the rule",
            )
            continue
        total = sum(weights)
        written = [item.weight for item in backends if item.weight is not None]
        if not written or max(written) < 2:
            continue
        for backend in backends:
            if backend.weight is None:
                yield finding(
                    at(route, backend, "name"),
                    f"without `weight` this backend counts 1 of {total}: {round(100 / total, 1):g}% of the traffic",
                    help="write the `weight` that is meant",
                )
