"""A time to connect that is longer than the time for the whole request.

`connectTimeout` says how long the proxy waits for a connection to one endpoint, before it may try
another one (`connect-failure`). Where the route gives up earlier, it never comes to that: an endpoint
that does not answer costs the whole request
(<https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings-TCPSettings>,
<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on>).

Only a `connectTimeout` that is written is compared, not the default of 10 s.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
    timeout: 2s
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      tcp:
        connectTimeout: 5s  # ML345
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
    - destination: {host: reviews}
    timeout: 2s
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      tcp: {connectTimeout: 250ms}
```
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meshlint.api import Answer, Findings, Mesh, Severity, at, duration_text, finding, rule, seconds
from meshlint.mesh.host_names import HostIndex

if TYPE_CHECKING:
    from meshlint.api import DestinationRule, VirtualService


@rule("ML345", "connect-timeout-too-long", severity=Severity.INFO, since="0.1.0")
def check(mesh: Mesh) -> Findings:
    routes: Sequence[VirtualService] = mesh.of_class("VirtualService")
    hosts = _hosts(mesh) if routes else None
    if not hosts:
        return
    said: set[int] = set()
    for item in routes:
        home = mesh.namespace(item)
        for route in item.http:
            whole = None if route.fault else seconds(route.timeout)  # as for retries, see _tries
            for weighted in route.route or () if whole else ():
                destination = weighted.destination
                if destination is None or not destination.host:
                    continue
                if not hosts.covering(mesh.hosts.fqdn(destination.host, home)):
                    continue
                lookup = mesh.destination_rules.for_host(destination.host, home)
                policy = lookup.policy(destination.port.number if destination.port else None, destination.subset)
                tcp = policy.connection_pool.tcp if policy and policy.connection_pool else None
                connect = seconds(tcp.connect_timeout) if tcp is not None else None
                if (
                    tcp is None
                    or not connect
                    or not whole
                    or connect < whole
                    or lookup.answer is not Answer.YES
                    or id(tcp) in said
                ):
                    continue
                said.add(id(tcp))
                owner = next((one for one in lookup.rules if _holds(one, tcp)), None)
                if owner is None:
                    continue
                yield finding(
                    at(owner, tcp, "connect_timeout"),
                    f"a route to `{destination.host}` gives up after {duration_text(whole)}, "
                    f"{'when' if connect == whole else 'before'} the proxy stops waiting for a connection",
                    help=f"set `connectTimeout` well below {duration_text(whole)}",
                    related=[(at(item, route, "timeout"), "the time for the whole request")],
                )


def _hosts(mesh: Mesh) -> "HostIndex[DestinationRule]":
    """The rules that write a `connectTimeout`, by host."""
    index: HostIndex[DestinationRule] = HostIndex()
    rules: Sequence[DestinationRule] = mesh.of_class("DestinationRule")
    for item in rules:
        pools = (part.connection_pool for part in item.policies())
        if item.spec and item.spec.host and any(pool and pool.tcp and pool.tcp.connect_timeout for pool in pools):
            index.add(mesh.hosts.fqdn(item.spec.host, mesh.namespace(item)), item)
    return index


def _holds(destination_rule: "DestinationRule", tcp: object) -> bool:
    """Whether the settings are written in this rule."""
    return any(
        part.connection_pool is not None and part.connection_pool.tcp is tcp for part in destination_rule.policies()
    )
