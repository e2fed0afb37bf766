"""A route of the Gateway API that no listener of its Gateway admits.

Listeners take routes of their own namespace, unless `allowedRoutes` says otherwise, and a parent with
`sectionName` or `port` is about that listener alone. A listener with a `hostname` takes only routes that have a
host in common with it. A route that none admits gets no request
(https://gateway-api.sigs.k8s.io/guides/multiple-ns/,
https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec).

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public  # ML561
    namespace: edge
  rules:
  - backendRefs:
    - name: web
      port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public
    namespace: edge
  rules:
  - backendRefs:
    - name: web
      port: 80
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
    allowedRoutes:
      namespaces:
        from: All
```
"""

from collections.abc import Sequence

from meshlint.api import Answer, Findings, Mesh, Severity, at, finding, gateway_api, listed, rule
from meshlint.mesh.answers import some
from meshlint.mesh.host_names import overlap
from meshlint.mesh.listeners import admits, is_meant
from meshlint.model.gateway_api.common import ParentReference
from meshlint.model.gateway_api.listener import Listener

from ._parents import Route, gateway_parents, gateways


@rule("ML561", "route-not-admitted", severity=Severity.ERROR, since="0.1.0", equivalents=("KIA1401",))
def check(route: Route, mesh: Mesh) -> Findings:
    for parent, namespace in gateway_parents(route, mesh):
        found = gateways(parent, namespace, mesh)
        if not found or not all(_refuses(gateway, parent, route, mesh) for gateway in found):
            continue
        named = [item for item in found[0].listeners if is_meant(item, parent)]
        reason, help_ = _why(named, found[0], parent, route, mesh)
        hosts_differ = any(admits(item, found[0], route, mesh) is not Answer.NO for item in named)
        yield finding(
            at(route, parent, "name" if named or not parent.section_name else "section_name"),
            f"Gateway `{parent.name}` {reason}: no request reaches this route",
            help=help_,
            related=[(at(found[0]), "the Gateway")],
            equivalents=() if hosts_differ else ("KIA1401",),  # Kiali does not compare hosts
        )


def _refuses(gateway: gateway_api.Gateway, parent: ParentReference, route: Route, mesh: Mesh) -> bool:
    """Whether a Gateway surely admits the route at no listener."""
    if not gateway.listeners or mesh.is_patched(gateway) or not mesh.trust.may_conflict(gateway, route):
        return False  # without listeners of its own, a Gateway has those of ListenerSets
    meant = [item for item in gateway.listeners if is_meant(item, parent) and _has_host_of(item, route)]
    return some(admits(item, gateway, route, mesh) for item in meant) is Answer.NO


def _why(
    named: Sequence[Listener], gateway: gateway_api.Gateway, parent: ParentReference, route: Route, mesh: Mesh
) -> tuple[str, str]:
    """Why none of the listeners that are meant takes the route, and what to write instead."""
    if not named:
        return (
            f"has no listener `{parent.section_name or parent.port}`",
            "name a listener of the Gateway, or leave `sectionName` and `port` out for all",
        )
    if some(admits(item, gateway, route, mesh) for item in named) is Answer.NO:
        return (
            f"takes no routes of namespace `{mesh.namespace(route)}`",
            "write `allowedRoutes: {namespaces: {from: All}}`, or a `Selector` that fits, at the listener",
        )
    open_to_it = [item for item in named if admits(item, gateway, route, mesh) is not Answer.NO]
    hosts = listed(dict.fromkeys(item.hostname for item in open_to_it if item.hostname), "and")
    return (
        f"takes none of its hosts: its listeners are for {hosts}",
        "write a host of a listener in `hostnames`, or another `hostname` at the listener",
    )


def _has_host_of(listener: Listener, route: Route) -> bool:
    """Whether a listener and a route have a host in common; without hosts they take any."""
    hosts: Sequence[str] = getattr(route.spec, "hostnames", None) or ()
    return not (listener.hostname and hosts) or any(overlap(listener.hostname, host) for host in hosts)
