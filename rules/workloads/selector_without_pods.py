"""A selector that picks no workload.

A policy, Gateway, Sidecar or Service whose selector matches no pod configures nothing: no error, no
effect. Labels are those of the *pods* (of the pod template), not of the controller
(https://istio.io/latest/docs/reference/config/type/workload-selector/).

meshlint says so only with evidence: a pod of the namespace has the label in a slightly different
spelling, or the files hold the workloads of the namespace and none of them matches.

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
from typing import Any

from meshlint.api import (
    AuthorizationPolicy,
    DestinationRule,
    EnvoyFilter,
    Findings,
    Mesh,
    PeerAuthentication,
    ProxyConfig,
    RequestAuthentication,
    Resource,
    Service,
    ServiceEntry,
    Severity,
    Sidecar,
    Telemetry,
    TrafficExtension,
    WasmPlugin,
    at,
    finding,
    rule,
)

Selecting = (
    AuthorizationPolicy
    | DestinationRule
    | EnvoyFilter
    | PeerAuthentication
    | ProxyConfig
    | RequestAuthentication
    | Service
    | ServiceEntry
    | Sidecar
    | Telemetry
    | TrafficExtension
    | WasmPlugin
)


@rule(
    "ML605",
    "selector-without-pods",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("IST0101", "IST0127", "KIA0004"),
)
def check(resource: Selecting, mesh: Mesh) -> Findings:
    holder, field, labels = _selector(resource)
    if not labels or _is_mesh_wide(resource, mesh):
        return
    outcome = mesh.selectors.resolve(resource, labels)
    if not outcome.is_missing:
        return
    key = _key_of(labels, outcome.near)
    spelled = ", ".join(f"`{name}: {value}`" for name, value in labels.items())
    yield finding(
        at(resource, holder, *field, key),
        f"no pods of namespace `{mesh.namespace(resource)}` have {spelled}: this {resource.kind} selects nothing",
        help=f"did you mean `{outcome.near}`?" if outcome.near else "write labels of the pod template",
        equivalents=("IST0127", "KIA0004") if isinstance(resource, AuthorizationPolicy) else ("IST0101", "KIA0004"),
    )


def _selector(resource: Resource) -> tuple[Any, tuple[str, ...], Mapping[str, str]]:
    """The struct that holds the selector, the way to its labels, and the labels."""
    spec: Any = getattr(resource, "spec", None)
    if spec is None:
        return None, (), {}
    if isinstance(resource, Service):
        return spec, ("selector",), resource.selector
    for name in ("selector", "workload_selector"):
        selector = getattr(spec, name, None)
        if selector is not None:
            field = "match_labels" if hasattr(selector, "match_labels") else "labels"
            return selector, (field,), getattr(selector, field) or {}
    return None, (), {}


def _is_mesh_wide(resource: Resource, mesh: Mesh) -> bool:
    """Policies of the root namespace select workloads of every namespace (those of Sidecar and Service do not)."""
    root = mesh.namespace(resource) == mesh.settings.root_namespace
    return root and not isinstance(resource, Service | ServiceEntry | Sidecar)


def _key_of(labels: Mapping[str, str], near: str | None) -> str:
    """The label to point at: the one that was probably misspelt, else the first."""
    if near:
        key, _, value = near.partition(": ")
        if key in labels:
            return key
        return next((name for name, text in labels.items() if text == value), next(iter(labels)))
    return next(iter(labels))
