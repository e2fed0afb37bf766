"""A split of traffic between destinations that are the same pods.

A canary whose subsets select the same pods is none: whatever the weights, every request reaches the
same set of endpoints. Mostly a label was forgotten, or two Services have one selector. Compared are
the pods of the input that the destinations select, or the labels where these are equal
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset>).

Not said where the destinations differ otherwise: in their port, headers, or traffic policy.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
      weight: 90
    - destination:
        host: reviews
        subset: v2  # ML272
      weight: 10
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
  - name: v2
    labels: {version: v1}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
      weight: 90
    - destination: {host: reviews, subset: v2}
      weight: 10
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets:
  - name: v1
    labels: {version: v1}
  - name: v2
    labels: {version: v2}
```
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.api import (
    Answer,
    Findings,
    Mesh,
    Severity,
    VirtualService,
    at,
    finding,
    rule,
)
from meshlint.model.networking.common import Destination

if TYPE_CHECKING:
    from meshlint.api import DestinationRule
    from meshlint.mesh.destination_rules import Lookup
    from meshlint.mesh.workloads import Workload
    from meshlint.model.networking.destination_rule import Subset


@rule("ML272", "split-of-same-pods", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA1105",))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    spec = virtual_service.spec
    routes: tuple[Any, ...] = (*(spec.http or ()), *(spec.tls or ()), *(spec.tcp or ())) if spec else ()
    for route in routes:
        if route.route is None or len(route.route) < 2:
            continue
        shared = [item for item in route.route if item.weight and item.destination is not None]
        sides = _equal_sides(mesh, virtual_service, shared)
        if len(sides) < 2:
            continue
        last = shared[-1].destination
        yield finding(
            at(virtual_service, last, "subset" if last.subset else "host"),
            f"the {len(shared)} destinations of this route are the same pods, so the weights split nothing",
            help="give the subsets labels that tell the versions apart, and the pods these labels",
            related=[
                (at(side.rule, side.subset, "labels").key(), f"the labels of subset `{side.subset.name}`")
                for side in sides
                if side.subset is not None and side.rule is not None and side.subset.labels
            ],
        )


def _equal_sides(mesh: Mesh, virtual_service: VirtualService, shared: Sequence[Any]) -> "list[_Side]":
    """The sides of a split if all of them are the same pods; none where they are not, or cannot be told."""
    sides: list[_Side] = []
    home = mesh.namespace(virtual_service)
    for weighted in shared:
        side = _Side.of(mesh, home, weighted)
        if side is None or (sides and not sides[0].equals(side, mesh)):
            return []
        sides.append(side)
    return sides


class _Side(msgspec.Struct, frozen=True, eq=False):
    """What one destination of a split is."""

    weighted: Any
    lookup: "Lookup"
    home: str
    labels: Mapping[str, str]
    rule: "DestinationRule | None"
    subset: "Subset | None"

    @staticmethod
    def of(mesh: Mesh, home: str, weighted: Any) -> "_Side | None":
        """The side that a weighted destination is; None where its pods cannot be told."""
        destination: Destination = weighted.destination
        lookup = mesh.destination_rules.for_host(destination.host or "", home)
        found = lookup.subset(destination.subset) if destination.subset else None
        if destination.subset and (found is None or lookup.answer is not Answer.YES):
            return None
        rule_, subset = found or (None, None)
        labels = (subset.labels if subset is not None else None) or {}
        return _Side(weighted, lookup, home, labels, rule_, subset)

    def equals(self, other: "_Side", mesh: Mesh) -> bool:
        """Whether both are the same pods, under the same policy: by labels of one host, or by the pods themselves."""
        for key, value in self.labels.items():
            if other.labels.get(key, value) != value:
                return False
        if self.treatment() != other.treatment():
            return False
        if self.host(mesh) == other.host(mesh) and self.labels == other.labels:
            return True
        pods = self.pods(mesh)
        return bool(pods) and pods == other.pods(mesh)

    def host(self, mesh: Mesh) -> str:
        """The host as it is looked up."""
        return mesh.hosts.fqdn(self.weighted.destination.host or "", self.home)

    def treatment(self) -> tuple[Any, ...]:
        """Whatever else tells it apart: port, headers, policy."""
        destination: Destination = self.weighted.destination
        port = destination.port.number if destination.port else None
        policy = self.lookup.policy(port, destination.subset)
        return port, msgspec.to_builtins(getattr(self.weighted, "headers", None)), msgspec.to_builtins(policy)

    def pods(self, mesh: Mesh) -> "frozenset[Workload]":
        """The pods of the input that it selects."""
        from meshlint.api import Service, ServiceEntry

        found = (
            pod
            for item in mesh.hosts.services(self.host(mesh), self.home)
            if isinstance(item, Service | ServiceEntry)
            for pod in mesh.services.workloads(item)
            if self.labels.items() <= pod.labels.items()
        )
        return frozenset(found)
