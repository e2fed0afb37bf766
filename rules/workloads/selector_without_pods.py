"""A selector that picks no workload.

A policy, Gateway, Sidecar or Service whose selector matches no pod configures nothing: no error, no
effect. Labels are those of the *pods* (of the pod template), not of the controller
(https://istio.io/latest/docs/reference/config/type/workload-selector/).

meshlint says so only with evidence: a pod of the namespace has the label in a slightly different
spelling, or the files hold the workloads of the namespace and none of them matches. Of labels that the gateways of
an installation of Istio have (`istio: ingressgateway`) it does so only where the files show these gateways too, in
another namespace: a policy for a gateway has to be in the gateway's namespace.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels:
      app: review  # ML605
  mtls:
    mode: STRICT
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
    spec:
      containers:
      - name: reviews
        image: registry.example/reviews:1.0
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels:
      app: reviews
  mtls:
    mode: STRICT
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
    spec:
      containers:
      - name: reviews
        image: registry.example/reviews:1.0
```
"""

from collections.abc import Mapping

from meshlint.api import Findings, Mesh, Place, Resource, Service, Severity, at, finding, listed, rule
from meshlint.model.selection import LabelsSelector, Selecting, WorkloadSelector


@rule(
    "ML605",
    "selector-without-pods",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("IST0101", "IST0127", "KIA0004"),
)
def check(resource: Selecting | Service, mesh: Mesh) -> Findings:
    labels = _labels(resource)
    if not labels or mesh.selectors.picks_for(resource, labels) or _is_mesh_wide(resource, mesh):
        return
    outcome = mesh.selectors.resolve(resource, labels)
    if not outcome.is_missing:
        return
    key = _key_of(labels, outcome.near)
    spelled = ", ".join(f"`{name}: {value}`" for name, value in labels.items())
    yield finding(
        _place(resource, key),
        f"no pods of namespace `{mesh.namespace(resource)}` have {spelled}: this {resource.kind} selects nothing",
        help=f"did you mean `{outcome.near}`?" if outcome.near else _advice(labels, mesh),
        equivalents=("IST0127", "KIA0004") if resource.kind == "AuthorizationPolicy" else ("IST0101", "KIA0004"),
    )


def _labels(resource: Selecting | Service) -> Mapping[str, str] | None:
    """The labels that pods have to have, if a selector is written."""
    selector = resource.selector
    return selector.wanted if isinstance(selector, WorkloadSelector | LabelsSelector) else selector


def _place(resource: Selecting | Service, key: str) -> Place:
    """One of these labels."""
    if isinstance(resource, Service):
        return at(resource, resource.spec, "selector", key)
    selector = resource.selector
    return at(resource, selector, "labels" if isinstance(selector, LabelsSelector) else "match_labels", key)


def _advice(labels: Mapping[str, str], mesh: Mesh) -> str:
    homes = sorted({workload.namespace for workload in mesh.selectors.picked(None, labels)})
    if not homes:
        return "write labels of the pod template"
    return f"pods of namespace {listed(homes[:3])} have them, but a selector is only about its own namespace"


def _is_mesh_wide(resource: Resource, mesh: Mesh) -> bool:
    """Policies of the root namespace select workloads of every namespace (those of Sidecar and Service do not)."""
    root = mesh.namespace(resource) == mesh.settings.root_namespace
    return root and resource.kind not in {"Service", "ServiceEntry", "Sidecar"}


def _key_of(labels: Mapping[str, str], near: str | None) -> str:
    """The label to point at: the one that was probably misspelt, else the first."""
    if near:
        key, _, value = near.partition(": ")
        if key in labels:
            return key
        return next((name for name, text in labels.items() if text == value), next(iter(labels)))
    return next(iter(labels))
