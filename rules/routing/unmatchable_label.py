"""A label in a subset or a match that no pod can have.

Kubernetes allows values of 63 characters on a pod. istiod checks no length where it selects by
labels, so a longer one is accepted and never matches: the subset has no endpoints, the route is for
nobody. (`Instance.Validate` in `pkg/config/labels`;
<https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>.)

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: canary
    labels:
      branch: feature-1234-rewrite-the-star-rating-component-with-half-stars-2  # ML224
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: canary
    labels:
      branch: feature-1234
```
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from meshlint.api import Findings, Severity, at, finding, rule

if TYPE_CHECKING:
    from meshlint.api import DestinationRule, VirtualService
    from meshlint.model.networking.virtual_service import HTTPRoute, TCPRoute, TLSRoute

_LIMIT = 63


@rule("ML224", "unmatchable-label", severity=Severity.WARNING, since="0.1.0")
def check(resource: "DestinationRule | VirtualService") -> Findings:
    for holder, attribute, labels in _LABELS[resource.kind](resource):
        for key, value in labels.items():
            if len(value) > _LIMIT:
                yield finding(
                    at(resource, holder, attribute, key),
                    f"the value of label `{key}` has {len(value)} characters; a pod's has {_LIMIT} at most, so it never matches",
                    help="write the value as it is on the pods",
                )


_Labels = Iterator[tuple[object, str, Mapping[str, str]]]


def _of_subsets(destination_rule: "DestinationRule") -> _Labels:
    for subset in destination_rule.subsets:
        if subset.labels:
            yield subset, "labels", subset.labels


def _of_matches(virtual_service: "VirtualService") -> _Labels:
    spec = virtual_service.spec
    if spec is None:
        return
    routes: tuple[HTTPRoute | TLSRoute | TCPRoute, ...] = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ()))
    for route in routes:
        for match in route.match or ():
            if match.source_labels:
                yield match, "source_labels", match.source_labels


_LABELS: dict[str, Callable[[Any], _Labels]] = {"DestinationRule": _of_subsets, "VirtualService": _of_matches}
