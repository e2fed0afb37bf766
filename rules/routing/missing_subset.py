"""A route to a subset that no DestinationRule defines.

Envoy has no cluster for the subset and answers 503 to every request of the route. Which rules count
is decided by the *client*: istiod looks in the client's namespace, then in the service's, then in
the root namespace, and takes the first that has a rule for the host
(https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule).

Reported where the files hold a DestinationRule of the host on that path, and none of them defines
the subset, or a similar name exists. Which clients there are is known only where `exportTo` shows the
VirtualService to one namespace: then a subset that other clients would find does not count.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        subset: v3  # ML204
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
  - name: v1
    labels:
      version: v1
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        subset: v1
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  subsets:
  - name: v1
    labels:
      version: v1
```
"""

from collections.abc import Iterator

from meshlint.api import Findings, Mesh, Place, Severity, VirtualService, at, finding, rule

_SHOWN = 3


@rule("ML204", "missing-subset", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0101", "KIA1107"))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    client = _only_clients(virtual_service, mesh)
    fine: set[tuple[str, str]] = set()  # most routes lead to the same few subsets
    for destination in virtual_service.destinations():
        host, subset = destination.host, destination.subset
        if not host or not subset or (host, subset) in fine:
            continue
        outcome = mesh.destination_rules.subset(host, subset, virtual_service, client)
        if outcome.is_missing:
            seen = f" for clients in `{client}`" if client else ""
            near = f"did you mean `{outcome.near}`? " if outcome.near else ""
            yield finding(
                at(virtual_service, destination, "subset"),
                f"no DestinationRule for `{host}` defines subset `{subset}`{seen}: Envoy answers 503 to its requests",
                help=f"{near}define the subset, or route to one that exists",
                related=list(_definitions(host, client or mesh.namespace(virtual_service), mesh)),
            )
        else:
            fine.add((host, subset))


def _only_clients(virtual_service: VirtualService, mesh: Mesh) -> str | None:
    """The one namespace whose proxies see a VirtualService; None where there are more, or it is not known which.

    A delegate is exported to roots, not to clients. One without a written namespace may live anywhere.
    """
    if not (virtual_service.spec and virtual_service.spec.hosts) or virtual_service.namespace is None:
        return None
    exports = mesh.visibility.exports(virtual_service)
    return next(iter(exports)) if len(exports) == 1 and "*" not in exports else None


def _definitions(host: str, client: str, mesh: Mesh) -> Iterator[tuple[Place, str]]:
    """Where the subsets of the host are listed that clients of a namespace find."""
    lookup = mesh.destination_rules.for_host(host, client)
    for rule_ in lookup.rules[:_SHOWN]:
        if rule_.spec and rule_.spec.subsets:
            names = ", ".join(f"`{item.name}`" for item in rule_.spec.subsets[:_SHOWN])
            more = len(rule_.spec.subsets) - _SHOWN
            yield at(rule_, rule_.spec, "subsets"), f"the subsets are {names}{f' and {more} more' if more > 0 else ''}"
        elif rule_.spec:
            yield at(rule_, rule_.spec, "host"), "this rule defines no subsets"
