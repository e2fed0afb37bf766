"""Does a gateway learn the address of a client from whatever stands in front of it?

`remoteIpBlocks` and `remote.ip` become Envoy's `remote_ip`
(`pilot/pkg/security/authz/model/principal.go`). A gateway takes it from X-Forwarded-For only as far as
`gatewayTopology.numTrustedProxies` says, and from the PROXY protocol where `gatewayTopology.proxyProtocol`
is written (`pilot/pkg/networking/core/gateway.go`: buildGatewayConnectionManager, which sets
`use_remote_address` and `xff_num_trusted_hops`). Else it is the other end of the connection, which
`ipBlocks` is about in any case: Envoy's `direct_remote_ip` is the physical peer, whatever forwards it.

`gatewayTopology` is a setting of mesh config's `defaultConfig` and of the annotation
`proxy.istio.io/config`; the resource ProxyConfig does not have it. An EnvoyFilter can change listeners
and their connection managers in any way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.model.annotations import PROXY_CONFIG
from meshlint.model.base import Opaque

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.networking.envoy_filter import EnvoyFilter

_OF_LISTENERS = frozenset({"LISTENER", "LISTENER_FILTER", "FILTER_CHAIN", "NETWORK_FILTER"})
_OF_OTHERS = frozenset({"SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "WAYPOINT"})


def learns_forwarded(gateway: Workload, mesh: Mesh) -> Answer:
    """Whether the pods of a gateway believe something else than the connection about the client's address.

    NO needs a mesh config that is known (or `--scope complete`) and says nothing of it; the annotation
    of the pods adds to that.
    """
    own = _annotated(gateway)
    configs = (config.default_config for config in mesh.settings.configs)
    topologies = [config.gateway_topology for config in configs if config and config.gateway_topology]
    if own is Answer.YES or any(item.num_trusted_proxies or item.proxy_protocol is not None for item in topologies):
        return Answer.YES
    shown = mesh.settings.is_known or mesh.context.scope is Scope.COMPLETE
    if own is Answer.UNKNOWN or not shown or mesh.settings.mixed or _is_patched(gateway, mesh):
        return Answer.UNKNOWN
    return Answer.NO


def _annotated(gateway: Workload) -> Answer:
    """What the annotation of the pods says of it."""
    from meshlint.reading import content

    text = gateway.annotations.get(PROXY_CONFIG)
    if not text:
        return Answer.NO
    held: Any = content(text)
    if not isinstance(held, dict):
        return Answer.UNKNOWN
    topology = held.get("gatewayTopology", held.get("gateway_topology"))
    if not topology:
        return Answer.NO
    if not isinstance(topology, dict):
        return Answer.UNKNOWN
    trusted = topology.get("numTrustedProxies", topology.get("num_trusted_proxies"))
    return Answer.of(bool(trusted) or "proxyProtocol" in topology or "proxy_protocol" in topology)


def _is_patched(gateway: Workload, mesh: Mesh) -> bool:
    """Whether an EnvoyFilter may change the listeners of a gateway."""
    if any(item.kind == "EnvoyFilter" for item in mesh.all(Opaque)):
        return True
    return any(_changes_listeners(item) and _is_about(item, gateway, mesh) for item in mesh.of_class("EnvoyFilter"))


def _changes_listeners(envoy_filter: EnvoyFilter) -> bool:
    for patch in (envoy_filter.spec.config_patches if envoy_filter.spec else None) or ():
        context = patch.match.context if patch.match else None
        if patch.apply_to in _OF_LISTENERS and context not in _OF_OTHERS:
            return True
    return False


def _is_about(envoy_filter: EnvoyFilter, gateway: Workload, mesh: Mesh) -> bool:
    homes = mesh.homes(envoy_filter)
    if gateway.namespace not in homes and mesh.settings.root_namespace not in homes:
        return False
    spec = envoy_filter.spec
    selector = spec.workload_selector if spec else None
    if (spec and spec.target_refs) or selector is None:
        return True
    return gateway in mesh.selectors.picked(gateway.namespace, selector.wanted)
