"""A subset whose labels no pod of the service has.

Envoy's cluster for the subset stays empty, and requests that are routed to it get 503. The labels of a
subset narrow the selector of the Service; they are those of the pods, not of their controller
(https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset).

Reported only where the files hold pods of the Service, and a route leads to the subset: one that
nothing uses may be for pods to come. Labels that pods get from their node (`topology...`) are taken
to fit. `istioctl analyze` knows single Pods only, takes a pod of any service of any namespace, and
asks for no route; `--scope complete` asks for no route either.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
  - name: v2
    labels:
      version: v2  # ML247
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        subset: v2
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 80
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels:
      app: reviews
  template:
    metadata:
      labels:
        app: reviews
        version: v1
    spec:
      containers:
      - name: reviews
        image: registry.example/reviews:1.0
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
  - name: v1
    labels:
      version: v1
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        subset: v1
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 80
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels:
      app: reviews
  template:
    metadata:
      labels:
        app: reviews
        version: v1
    spec:
      containers:
      - name: reviews
        image: registry.example/reviews:1.0
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule


@rule("ML247", "subset-without-pods", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0173", "KIA0203"))
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    for subset in destination_rule.subsets:
        outcome = mesh.subsets.pods(destination_rule, subset)
        if not outcome.is_missing or not subset.labels:
            continue
        spelled = ", ".join(f"`{key}: {value}`" for key, value in subset.labels.items())
        yield finding(
            at(destination_rule, subset, "labels", next(iter(subset.labels))),
            f"no pods of the service have {spelled}: requests to subset `{subset.name}` get 503",
            help=f"did you mean `{outcome.near}`?" if outcome.near else "write labels that the pods have",
        )
