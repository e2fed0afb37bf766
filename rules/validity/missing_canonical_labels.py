"""A Deployment whose pods do not say what application they are, or of which version.

Istio's metrics, traces and access logs call a workload by its canonical service and revision. Both come
from labels of the pods; without them the service is called after the Deployment, and the revision is
`latest`, so that two versions of an application look like two applications. `istioctl validate`
prints a note on such a Deployment, and the file is valid all the same. The Deployments of `istio-system`
are left out, as there. This rule is a matter of taste, and off by default.

| label | rows |
|---|---|
| `service.istio.io/canonical-name`, `app.kubernetes.io/name`, `app` | k8s-deployment-labels: one of them |
| `service.istio.io/canonical-revision`, `app.kubernetes.io/version`, `version` | and one of them |

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews-v1
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews}  # ML132
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews-v1
  namespace: shop
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews, version: v1}
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```
"""

from meshlint.api import Deployment, Findings, Severity, at, finding, rule

_NAMES = ("service.istio.io/canonical-name", "app.kubernetes.io/name", "app")
_REVISIONS = ("service.istio.io/canonical-revision", "app.kubernetes.io/version", "version")
_ISTIO = "istio-system"


@rule("ML132", "missing-canonical-labels", severity=Severity.INFO, since="0.1.0", default=False)
def check(deployment: Deployment) -> Findings:
    template = deployment.pod_template
    if deployment.namespace == _ISTIO or template is None:
        return
    labels = template.labels
    named = any(name in labels for name in _NAMES)
    if named and any(name in labels for name in _REVISIONS):
        return
    missing = _REVISIONS if named else _NAMES
    what = (
        "no version: Istio's telemetry says `latest`"
        if named
        else "no application: Istio's telemetry calls them after the Deployment"
    )
    yield finding(
        at(deployment, template, "metadata", "labels"),
        f"the labels of the pods of `{deployment.name}` name {what}",
        help=f"add the label `{missing[-1]}`, or `{missing[1]}`",
    )
