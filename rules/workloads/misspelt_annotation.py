"""An annotation or label that is a slip of one of Istio's.

Nobody refuses it: Kubernetes takes any key, Istio looks for the right one, does not find it, and
goes on with its default. Only near misses are reported (a different case, a letter or two too many,
too few, wrong or swapped, another prefix of Istio): a key that resembles none may be anybody's.

The keys that Istio knows: <https://istio.io/latest/docs/reference/config/annotations/>,
<https://istio.io/latest/docs/reference/config/labels/>.

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews}
      annotations:
        sidecar.istio.io/rewriteAppHTTPProbes: "true"  # ML604
        sidecar.istio.io/excludeOutboundPorts: "3306"  # ML604
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews}
      annotations:
        sidecar.istio.io/rewriteAppHTTPProbers: "true"
        traffic.sidecar.istio.io/excludeOutboundPorts: "3306"
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```
"""

from meshlint.api import ANNOTATIONS, LABELS, Findings, Resource, Severity, finding, nearest_key, rule

from ._keys import keys_of


@rule("ML604", "misspelt-annotation", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0108",))
def check(resource: Resource) -> Findings:
    for keys in keys_of(resource):
        for key in keys.values:
            meant = nearest_key(key)
            if meant is None:
                continue
            form = "label" if keys.form == "labels" else "annotation"
            is_form = meant in (LABELS if form == "label" else ANNOTATIONS)
            other = "" if is_form else f", which is {'an annotation' if form == 'label' else 'a label'}"
            yield finding(
                keys.at(key),
                f"Istio knows no {form} `{key}` and takes no notice of it",
                help=f"did you mean `{meant}`{other}?",
                equivalents=("IST0108",) if form == "annotation" else (),
            )
