"""An EnvoyFilter that patches every sidecar of the mesh.

In the root namespace, without `workloadSelector`, an EnvoyFilter is for the whole mesh: every sidecar
takes its patches, and where one breaks a listener, all of them refuse their configuration at once
(https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter).

Reported where a patch is for sidecars of all kinds. One for gateways or waypoints, for proxies with some
metadata, or for one service, port, route or name is about few proxies and not reported.

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: request-id  # ML840
  namespace: istio-system
spec:
  configPatches:
  - applyTo: NETWORK_FILTER
    match:
      listener:
        filterChain:
          filter: {name: envoy.filters.network.http_connection_manager}
    patch:
      operation: MERGE
      value:
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          preserve_external_request_id: true
```

### Good

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: request-id
  namespace: istio-system
spec:
  workloadSelector:
    labels:
      app: web
  configPatches:
  - applyTo: NETWORK_FILTER
    match:
      listener:
        filterChain:
          filter: {name: envoy.filters.network.http_connection_manager}
    patch:
      operation: MERGE
      value:
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          preserve_external_request_id: true
```
"""

from meshlint.api import EnvoyFilter, Findings, Mesh, Severity, at, finding, rule
from meshlint.model.networking.envoy_filter import (
    ClusterMatch,
    EnvoyConfigObjectMatch,
    ListenerMatch,
    RouteConfigurationMatch,
)

_EVERYWHERE = frozenset({"virtualInbound", "virtualOutbound"})
"""Listeners that every sidecar has."""


@rule("ML840", "mesh-wide-envoy-filter", severity=Severity.INFO, since="0.1.0")
def check(envoy_filter: EnvoyFilter, mesh: Mesh) -> Findings:
    spec = envoy_filter.spec
    if spec is None or spec.target_refs or mesh.namespace(envoy_filter) != mesh.settings.root_namespace:
        return
    if spec.workload_selector and spec.workload_selector.labels:
        return
    # An extension config goes only to proxies that another patch makes ask for it.
    patches = (patch for patch in spec.config_patches or () if patch.apply_to != "EXTENSION_CONFIG")
    wide = next((patch for patch in patches if _is_for_all(patch.match)), None)
    if wide is not None:
        yield finding(
            at(envoy_filter),
            f"`{envoy_filter.name}` lies in the root namespace and selects no pods, so every sidecar of the mesh "
            "takes its patches: a mistake in one breaks all of them at once",
            help="write a `workloadSelector`, or put it into the namespace it is for",
            related=[(at(envoy_filter, wide, "apply_to"), "this patch is for all sidecars")],
        )


def _is_for_all(match: EnvoyConfigObjectMatch | None) -> bool:
    """Whether a patch says nothing that leaves most sidecars out; their version does not count."""
    if match is None:
        return True
    if match.context in {"GATEWAY", "WAYPOINT"} or match.waypoint or (match.proxy and match.proxy.metadata):
        return False
    return not (_is_narrow(match.listener) or _is_narrow(match.cluster) or _is_narrow(match.route_configuration))


def _is_narrow(match: ListenerMatch | ClusterMatch | RouteConfigurationMatch | None) -> bool:
    """Whether it names single listeners, clusters or routes."""
    if match is None:
        return False
    if match.name:
        return match.name not in _EVERYWHERE
    if isinstance(match, RouteConfigurationMatch):
        return bool(match.port_number or match.port_name or match.gateway or match.vhost)
    if isinstance(match, ClusterMatch):
        return bool(match.port_number or match.service or match.subset)
    chain = match.filter_chain
    return bool(match.port_number or (chain and (chain.name or chain.sni or chain.destination_port)))
