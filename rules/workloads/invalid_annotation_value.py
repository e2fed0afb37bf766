"""An annotation or label of Istio with a value that Istio does not understand.

Kubernetes takes any text, and nobody refuses these. Istio falls back to something else: a
namespace labelled `istio-injection: true` gets no sidecars, and `sidecar.istio.io/inject: enabled`
keeps the sidecar out
(<https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy>).

Values that the injector refuses, so that pods are not created, are a rule of their own.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: "true"  # ML610
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels:
        app: reviews
        sidecar.istio.io/inject: enabled  # ML610
      annotations:
        sidecar.istio.io/logLevel: verbose  # ML610
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels:
        app: reviews
        sidecar.istio.io/inject: "true"
      annotations:
        sidecar.istio.io/logLevel: debug
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```
"""

from meshlint.api import (
    ANNOTATION_FORMS,
    ANNOTATIONS,
    LABEL_FORMS,
    LABELS,
    Findings,
    Resource,
    Severity,
    finding,
    rule,
    shown,
)

from ._keys import keys_of


@rule("ML610", "invalid-annotation-value", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0125",))
def check(resource: Resource) -> Findings:
    for keys in keys_of(resource):
        is_label = keys.form == "labels"
        forms, known = (LABEL_FORMS, LABELS) if is_label else (ANNOTATION_FORMS, ANNOTATIONS)
        for key, value in keys.values.items():
            form = forms.get(key)
            if form is None or form.fits(value) or keys.kind not in known[key].kinds:
                continue
            yield finding(
                keys.value_at(key),
                f"`{key}` must be {form.expected}, not `{shown(value)}`: {form.effect}",
                help=f"write {form.expected}",
                equivalents=() if is_label else ("IST0125",),
            )
