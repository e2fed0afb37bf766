"""A DestinationRule with a wildcard that keeps others of more specific hosts from its namespace.

Clients take the rules of the first namespace that has one for the host: their own, then that of the
service. A rule for `*.local` in the clients' namespace covers every service, so that the rules which
the owners of services wrote (subsets, pools, outlier detection) are not in force there, and routes to
their subsets answer 503
(<https://istio.io/latest/docs/ops/best-practices/traffic-management/#cross-namespace-configuration>;
istio/istio issues 11058 and 12144).

The root namespace comes last in the look-up and hides nothing: a rule for all belongs there.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: all, namespace: web}
spec:
  host: "*.svc.cluster.local"  # ML285
  trafficPolicy:
    connectionPool: {tcp: {connectTimeout: 1s}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: v1
    labels: {version: v1}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: all, namespace: istio-system}
spec:
  host: "*.svc.cluster.local"
  trafficPolicy:
    connectionPool: {tcp: {connectTimeout: 1s}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews.shop.svc.cluster.local
  subsets:
  - name: v1
    labels: {version: v1}
```
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.host_names import is_wildcard, service_of

_LOOKED_AT = 50
"""How many rules under a wildcard are looked at: one that is hidden is enough."""


@rule("ML285", "rule-hidden-by-wildcard", severity=Severity.INFO, since="0.1.0")
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    home = destination_rule.namespace
    if (
        spec is None
        or not spec.host
        or not is_wildcard(spec.host)
        or home is None
        or spec.workload_selector is not None
    ):
        return
    if home == mesh.settings.root_namespace:
        return
    hidden = [item for item in _under(mesh, mesh.hosts.fqdn(spec.host, home)) if _is_hidden(mesh, item, home)]
    if hidden and mesh.trust.may_conflict(destination_rule, hidden[0]):
        other = hidden[0]
        name = f"`{mesh.namespace(other)}/{other.name}`"
        more = f" and {len(hidden) - 1} more" if len(hidden) > 1 else ""
        yield finding(
            at(destination_rule, spec, "host"),
            f"for clients in `{home}` this rule comes before DestinationRule {name}{more}, of which nothing is in force there",
            help=f"move it to `{mesh.settings.root_namespace}`, or name the hosts that are meant",
            related=[(at(other, other.spec, "host"), "not in force for these clients")],
        )


def _is_hidden(mesh: Mesh, other: DestinationRule, home: str) -> bool:
    """Whether a rule lies in the namespace of its service, and clients of `home` would use it."""
    own = mesh.namespace(other)
    service = service_of(mesh.hosts.fqdn((other.spec.host if other.spec else None) or "", own))
    lookup = mesh.destination_rules.for_host(
        mesh.hosts.fqdn((other.spec.host if other.spec else None) or "", own), home
    )
    return (
        own != home
        and service is not None
        and service.namespace == own
        and lookup.namespace == home
        and mesh.visibility.visible(other, home)
    )


def _under(mesh: Mesh, host: str) -> Iterator[DestinationRule]:
    """The rules of hosts that a wildcard covers, without wildcard themselves."""
    ending = host[1:][::-1]
    entries = _reversed(mesh)
    start = bisect_left(entries, ending, key=lambda entry: entry[0])
    for text, item in entries[start : start + _LOOKED_AT]:
        if not text.startswith(ending):
            return
        yield item


@lru_cache(maxsize=1)  # one mesh at a time
def _reversed(mesh: Mesh) -> Sequence[tuple[str, DestinationRule]]:
    found = [
        (mesh.hosts.fqdn(item.spec.host, mesh.namespace(item))[::-1], item)
        for item in mesh.all(DestinationRule)
        if item.spec and item.spec.host and not is_wildcard(item.spec.host)
    ]
    return sorted(found, key=lambda entry: entry[0])
