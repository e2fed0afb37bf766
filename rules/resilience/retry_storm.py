"""Retries that multiply along a chain of calls.

Each proxy on the way retries by itself: where three hops try up to three times each, one request may
become 27 at the last service, and that at a time when it is failing already. What bounds the whole is
the timeout of the first hop
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries>,
<https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking>: retry budgets).

The chain is put together from configuration: routes from gateways, routes for clients with certain
labels, Sidecars with a selector, principals that policies let in. With the option `guess`, calls that
settings of containers hint at count as well. Retries on connect-failure and refused-stream add no load
and are not counted, nor are the default ones. Reported is the worst chain of each connected part of
the graph, from nine tries on (option `min-factor`), with its first hops as related places.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/shop]
  http:
  - route:
    - destination: {host: web}
    retries:  # ML340
      attempts: 3
      retryOn: 5xx
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - match:
    - sourceLabels: {app: web}
    route:
    - destination: {host: cart}
    retries:
      attempts: 3
      retryOn: 5xx
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.example.com]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
  - route:
    - destination: {host: cart}
    retries:
      attempts: 2
      retryOn: connect-failure,refused-stream
```
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Options, Severity, duration_text, finding, rule

if TYPE_CHECKING:
    from meshlint.api import VirtualService
    from meshlint.mesh.callgraph import Caller, Hop
    from meshlint.model.kubernetes.service import Service

_COUNTED = 1_000_000
_NAMED = 5
_SHOWN = 10


class RetryStorm(Options, frozen=True):
    """Which chains are reported."""

    min_factor: int = 9
    """The least number of tries at the end of a chain that is reported."""
    guess: bool = False
    """Whether calls that environment variables and ConfigMaps hint at count."""


@rule("ML340", "retry-storm", severity=Severity.WARNING, since="0.1.0")
def check(mesh: Mesh, options: RetryStorm) -> Findings:
    if not _may_multiply(mesh):
        return
    from meshlint.mesh.callgraph import CallGraph, factor, latency, named_as

    def named(end: "Caller | Service") -> str:
        return named_as(mesh, end)

    graph = CallGraph(mesh, guessed=True) if options.guess else mesh.call_graph
    for chain in graph.worst_chains(options.min_factor):
        if len(chain) < 2:
            continue
        wait = latency(chain)
        bound = (
            f"the first caller waits up to {duration_text(wait)}" if wait is not None else "no timeout bounds the whole"
        )
        tries = factor(chain)
        yield finding(
            chain[0].place("retries").key(),
            f"one request may become {tries if tries <= _COUNTED else f'more than {_COUNTED:,}'} at "
            f"`{named(chain[-1].edge.service)}`: {_product(chain)} tries along {_way(chain, named)}; {bound}",
            help="retry at one hop, best the one nearest to the failing service, and set a timeout on the first",
            related=[(hop.place("retries"), _said(hop, named)) for hop in chain[:_SHOWN]],
        )


def _may_multiply(mesh: Mesh) -> bool:
    """Whether two routes retry at all, and something is called: without, nothing need be built."""
    if not mesh.of_class("Service"):
        return False
    count = 0
    every: Sequence[VirtualService] = mesh.of_class("VirtualService")
    for item in every:
        for route in item.http:
            if route.retries is not None and route.retries.attempts:
                count += 1
        if count > 1:
            return True
    return False


def _product(chain: "Sequence[Hop]") -> str:
    """The tries of each hop; a long chain names a few and counts the rest."""
    more = f" x {len(chain) - _NAMED} more" if len(chain) > _NAMED else ""
    return " x ".join(str(hop.tries) for hop in chain[:_NAMED]) + more


def _way(chain: "Sequence[Hop]", named: "Callable[[Caller | Service], str]") -> str:
    stops = [named(chain[0].edge.caller), *(named(hop.edge.service) for hop in chain)]
    if len(stops) > _NAMED + 2:
        stops = [*stops[:_NAMED], f"{len(stops) - _NAMED - 1} more", stops[-1]]
    return " -> ".join(stops)


def _said(hop: "Hop", named: "Callable[[Caller | Service], str]") -> str:
    times = f"{hop.tries} tries" if hop.tries > 1 else "one try"
    return f"{named(hop.edge.caller)} calls {named(hop.edge.service)}: {times} ({hop.edge.text})"
