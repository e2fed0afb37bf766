"""A patch for a kind of proxy that the selected pods are not.

`match.context` says which proxies a patch is for: `SIDECAR_INBOUND` and `SIDECAR_OUTBOUND` are listeners, routes
and clusters of sidecars, `GATEWAY` those of gateways. Where the selector picks gateways only, a patch for sidecars is
never applied, and the other way round; istiod says nothing
(https://istio.io/latest/docs/reference/config/networking/envoy-filter/#EnvoyFilter-PatchContext).

Silent in the root namespace where one EnvoyFilter has patches for both kinds: its selector is about pods of the whole
mesh, and others may be kept elsewhere.

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: limits, namespace: istio-system}
spec:
  workloadSelector:
    labels: {istio: ingressgateway}
  configPatches:
  - applyTo: NETWORK_FILTER
    match:
      context: SIDECAR_INBOUND  # ML841
      listener:
        filterChain:
          filter: {name: envoy.filters.network.http_connection_manager}
    patch:
      operation: MERGE
      value:
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          server_name: shop
```

### Good

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: limits, namespace: istio-system}
spec:
  workloadSelector:
    labels: {istio: ingressgateway}
  configPatches:
  - applyTo: NETWORK_FILTER
    match:
      context: GATEWAY
      listener:
        filterChain:
          filter: {name: envoy.filters.network.http_connection_manager}
    patch:
      operation: MERGE
      value:
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          server_name: shop
```
"""

from collections.abc import Set as AbstractSet

from meshlint.api import Answer, EnvoyFilter, Findings, Mesh, Severity, at, finding, rule

_SIDECARS = frozenset({"SIDECAR_INBOUND", "SIDECAR_OUTBOUND"})
_ANYWHERE = frozenset({"BOOTSTRAP", "EXTENSION_CONFIG"})
"""What is patched without regard to the context."""


@rule("ML841", "context-of-other-proxies", severity=Severity.WARNING, since="0.1.0")
def check(envoy_filter: EnvoyFilter, mesh: Mesh) -> Findings:
    patches = (envoy_filter.spec.config_patches if envoy_filter.spec else None) or ()
    matches = [patch.match for patch in patches if patch.match and patch.apply_to not in _ANYWHERE]
    contexts = {match.context for match in matches}
    if contexts.isdisjoint({"GATEWAY", *_SIDECARS}):
        return
    gateways = _are_gateways(envoy_filter, contexts, mesh)
    for match in matches:
        if gateways is Answer.YES and match.context in _SIDECARS:
            pods, meant = "gateways", "GATEWAY"
        elif gateways is Answer.NO and match.context == "GATEWAY":
            pods, meant = "pods with an application, which have a sidecar", "SIDECAR_INBOUND` or `SIDECAR_OUTBOUND"
        else:
            continue
        yield finding(
            at(envoy_filter, match, "context"),
            f"the selector picks {pods}: a patch for `{match.context}` is never applied to them",
            help=f"write `{meant}`, or select other pods",
        )


def _are_gateways(envoy_filter: EnvoyFilter, contexts: AbstractSet[str | None], mesh: Mesh) -> Answer:
    """Whether the pods of an EnvoyFilter are gateways, all of them; NO: none is."""
    labels = envoy_filter.selector.wanted if envoy_filter.selector else {}
    if not labels or mesh.is_patched(envoy_filter):
        return Answer.UNKNOWN
    homes = mesh.homes(envoy_filter)
    is_for_both = "GATEWAY" in contexts and contexts & _SIDECARS
    if mesh.settings.root_namespace in homes and is_for_both and not mesh.gateway_workloads.comes_with_istio(labels):
        return Answer.UNKNOWN
    picked = mesh.selectors.picked_by_policy(homes, labels)
    if not picked:
        return Answer.YES if mesh.gateway_workloads.comes_with_istio(labels) else Answer.UNKNOWN
    answers = {Answer.UNKNOWN if mesh.injection.waypoint(pods) else mesh.injection.gateway(pods) for pods in picked}
    return answers.pop() if len(answers) == 1 else Answer.UNKNOWN
