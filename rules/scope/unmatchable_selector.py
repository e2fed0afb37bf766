"""A selector with a label that no pod can have.

Kubernetes allows 63 characters in the value of a label, and letters, digits, `-`, `_` and `.`.
istiod checks neither in a selector, so one with a longer or odd value is accepted and picks no pod
(<https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: reviews v2  # ML719
  egress:
  - hosts: ["./*"]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: reviews
  namespace: shop
spec:
  workloadSelector:
    labels:
      app: reviews-v2
  egress:
  - hosts: ["./*"]
```
"""

from meshlint.api import Findings, Severity, at, finding, rule
from meshlint.model.selection import LabelsSelector, WorkloadSelecting
from meshlint.values.labels import label_key, label_value

_LONGEST = 63


@rule("ML719", "unmatchable-selector", severity=Severity.WARNING, since="0.1.0")
def check(resource: WorkloadSelecting) -> Findings:
    selector = resource.selector
    if selector is None:
        return
    for key, value in selector.wanted.items():
        if not key or "*" in key or "*" in value:
            continue  # istiod refuses these
        reason = label_key(key) or label_value(value)
        if not reason and len(value) > _LONGEST:
            reason = f"its value has {len(value)} characters, and Kubernetes allows {_LONGEST}"
        if reason:
            yield finding(
                at(resource, selector, "labels" if isinstance(selector, LabelsSelector) else "match_labels", key),
                f"no pod can have the label `{key}: {value}`, so nothing is selected: {reason}",
                help="write the label as the pods have it",
            )
