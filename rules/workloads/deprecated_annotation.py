"""An annotation of Istio that is deprecated, or that the release no longer reads.

A deprecated one works until it is removed. One that is gone does nothing: what it asked for (checks
of Mixer's policies, core dumps, the `traffic.istio.io/...` names that only 1.22 knew) does not
happen.

`sidecar.istio.io/inject` as an annotation is deprecated since 1.15, but everywhere; it is reported
where no label of the same name stands beside it.

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
        sidecar.istio.io/inject: "true"  # ML611
        traffic.istio.io/excludeOutboundPorts: "3306"  # ML611
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
      labels:
        app: reviews
        sidecar.istio.io/inject: "true"
      annotations:
        traffic.sidecar.istio.io/excludeOutboundPorts: "3306"
    spec:
      containers: [{name: reviews, image: example.com/reviews:1}]
```
"""

from meshlint.api import ANNOTATIONS, LABELS, Findings, Known, Resource, Severity, Target, finding, is_before, rule

from ._keys import Keys, keys_of

_CONTROLLERS = frozenset({"CronJob", "DaemonSet", "Deployment", "Job", "Rollout", "StatefulSet"})


@rule("ML611", "deprecated-annotation", severity=Severity.INFO, since="0.1.0", equivalents=("IST0108", "IST0135"))
def check(resource: Resource, target: Target) -> Findings:
    for keys in keys_of(resource):
        known = LABELS if keys.form == "labels" else ANNOTATIONS
        for key in keys.values:
            found = known.get(key)
            if found is None or found.internal:
                continue
            said = _gone(found, keys, target) or _deprecated(found, keys, target)
            if said:
                yield finding(
                    keys.at(key),
                    said,
                    help=_help(found),
                    equivalents=_equivalents(keys, found, target),
                )


def _equivalents(keys: Keys, known: Known, target: Target) -> tuple[str, ...]:
    """What istioctl says: nothing of labels; it calls an annotation that is gone unknown."""
    if keys.form == "labels":
        return ()
    return ("IST0108",) if _gone(known, keys, target) else ("IST0135",)


def _is_read(keys: Keys, known: Known) -> bool:
    """Whether the key is on a kind that Istio reads it from."""
    return keys.kind in known.kinds or "Any" in known.kinds


def _is_meant_for_pods(keys: Keys, known: Known) -> bool:
    """Whether a key for pods is on their controller instead, and only there: moving it is not all there is to do."""
    return "Pod" in known.kinds and keys.resource.kind in _CONTROLLERS and known.name not in keys.given


def _gone(known: Known, keys: Keys, target: Target) -> str | None:
    if known.until is None or not is_before(known.until, target.istio) or not _is_read(keys, known):
        return None
    if known.name.startswith("install.operator.istio.io/"):
        return None  # left behind by istioctl on everything that it installed
    return f"Istio {target.istio} does not read `{known.name}`: {known.until} was the last release that did"


def _deprecated(known: Known, keys: Keys, target: Target) -> str | None:
    if known.deprecated is None or is_before(target.istio, known.deprecated):
        return None
    if known.until is None and known.name in keys.others:
        return None
    if not _is_read(keys, known) and not _is_meant_for_pods(keys, known):
        return None
    return f"`{known.name}` is deprecated as {_form(keys)}: a later release may not read it"


def _form(keys: Keys) -> str:
    return "a label" if keys.form == "labels" else "an annotation"


def _help(known: Known) -> str:
    return f"use {known.instead}" if known.instead else "remove it"
