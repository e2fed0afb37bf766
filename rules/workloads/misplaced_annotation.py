"""An annotation or label of Istio where Istio does not read it.

Nobody refuses it, and nothing happens. The injector reads the annotations and labels of the *pod*,
so that those of a Deployment's own `metadata`, or of the Namespace, reach no sidecar: a Deployment
hands only the `metadata` of its pod template to its pods. Some keys work as a label only and some as
an annotation only
(<https://istio.io/latest/docs/reference/config/annotations/>,
<https://istio.io/latest/docs/reference/config/labels/>,
<https://istio.io/latest/docs/ops/common-problems/injection/>).

A key that the pod template has as well is let pass: the copy does no harm.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    sidecar.istio.io/proxyCPU: 100m  # ML603
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
  labels:
    sidecar.istio.io/inject: "false"  # ML603
spec:
  selector: {matchLabels: {app: reviews}}
  template:
    metadata:
      labels: {app: reviews}
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
        sidecar.istio.io/inject: "false"
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```
"""

from typing import TYPE_CHECKING

from meshlint.api import ANNOTATIONS, LABELS, Findings, Severity, finding, rule

from ._keys import Keys, keys_of

if TYPE_CHECKING:
    from meshlint.api import Namespace, Service, Workload

_STEERING = frozenset(
    {
        "istio-injection",
        "istio.io/dataplane-mode",
        "istio.io/use-waypoint",
        "istio.io/use-waypoint-namespace",
        "sidecar.istio.io/inject",
    }
)
"""Labels that are written to steer Istio. Others are often put on everything (`istio.io/rev` by charts)."""

_FOR_NAMESPACE = {
    "sidecar.istio.io/inject": "write the label `istio-injection: enabled` or `istio-injection: disabled`",
    "proxy.istio.io/config": "write a ProxyConfig for the namespace, or the annotation on each pod template",
}

_FOR_PODS = {"istio-injection": "for single pods, give their template the label `sidecar.istio.io/inject`"}


_ISTIOS = frozenset(
    key
    for key, known in {**LABELS, **ANNOTATIONS}.items()
    if not known.internal and not key.startswith(("kubernetes.io/", "gateway."))
)
"""The keys that people write for Istio (not Istio for itself, not Kubernetes)."""


@rule(
    "ML603",
    "misplaced-annotation",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("IST0107",),
    covers=("ML611",),
)
def check(resource: "Namespace | Service | Workload") -> Findings:
    if resource.metadata and resource.metadata.owner_references:
        return  # a controller copied its own metadata here
    for keys in keys_of(resource):
        for key in keys.values:
            if key not in _ISTIOS or key in keys.given or _is_copy(keys, key):
                continue
            said = _wrong_form(keys, key) or _wrong_kind(keys, key)
            if said:
                equivalents = ("IST0107",) if keys.form == "annotations" and key in ANNOTATIONS else ()
                yield finding(keys.at(key), said[0], help=said[1], equivalents=equivalents)


def _is_copy(keys: Keys, key: str) -> bool:
    """Whether the key is there a second time, in the form in which Istio reads it here."""
    known = (LABELS if keys.form == "annotations" else ANNOTATIONS).get(key)
    return bool(key in keys.others and known and keys.kind in known.kinds)


def _wrong_form(keys: Keys, key: str) -> tuple[str, str] | None:
    """What to say of a label written as annotation, or the other way round."""
    used, works = ("annotation", "label") if keys.form == "annotations" else ("label", "annotation")
    if _is_read(keys, key, keys.form) or not _is_read(keys, key, f"{works}s"):
        return None
    said = f"Istio reads `{key}` as {_a(works)}, so it does nothing as {_a(used)}"
    return said, f"write it under `{_path(keys)}.{works}s`"


def _is_read(keys: Keys, key: str, form: str) -> bool:
    """Whether Istio reads the key in this form here, or would read it from the pods that this controller makes."""
    known = (ANNOTATIONS if form == "annotations" else LABELS).get(key)
    return bool(known and not known.until and (keys.kind in known.kinds or _reaches_pods(keys, known.kinds)))


def _wrong_kind(keys: Keys, key: str) -> tuple[str, str] | None:
    """What to say of a key on a kind that Istio does not read it from."""
    known = (ANNOTATIONS if keys.form == "annotations" else LABELS).get(key)
    if known is None or known.until or keys.kind in known.kinds or "Any" in known.kinds:
        return None
    if keys.form == "labels" and (key not in _STEERING or keys.kind == "Service"):
        return None
    read = f"Istio reads it from {_kinds(known.kinds)}"
    if keys.kind == "Namespace" and "Pod" in known.kinds:
        return (
            f"`{key}` does nothing on a Namespace: {read}, and a pod inherits no {keys.form} of its namespace",
            _FOR_NAMESPACE.get(key, f"write it under `spec.template.metadata.{keys.form}` of each workload"),
        )
    if _reaches_pods(keys, known.kinds):
        if key == "istio.io/rev":
            return None  # on pods the injector writes it, and dumps of a cluster carry it along
        return (
            f"`{key}` does nothing on the {keys.kind} itself: its pods get the {keys.form} of the pod template only",
            f"move it to `{_path(keys)}.{'labels' if key in LABELS else 'annotations'}`",
        )
    on = "a pod" if keys.kind == "Pod" else f"a {keys.kind}"
    return f"`{key}` does nothing on {on}: {read}", _FOR_PODS.get(key, f"write it on {_kinds(known.kinds)}")


def _reaches_pods(keys: Keys, kinds: tuple[str, ...]) -> bool:
    """Whether a key for pods is on the controller of them."""
    return "Pod" in kinds and keys.kind not in {"Namespace", "Service", "Pod"}


def _path(keys: Keys) -> str:
    """The metadata that Istio reads."""
    if keys.kind in {"Namespace", "Service"} or (keys.kind == "Pod" and not keys.is_template):
        return "metadata"
    return ("spec.jobTemplate." if keys.resource.kind == "CronJob" else "") + "spec.template.metadata"


def _kinds(kinds: tuple[str, ...]) -> str:
    """Kinds in words: `pods`, `Services or Namespaces`."""
    plurals = {"Pod": "pods", "ServiceEntry": "ServiceEntries", "AuthorizationPolicy": "AuthorizationPolicies"}
    return " or ".join(plurals.get(kind, f"{kind}s") for kind in kinds)


def _a(form: str) -> str:
    return "an annotation" if form == "annotation" else "a label"
