"""Which services do proxies call by themselves, for filters and settings, and not for an application?

Calls of extension providers (authorizers, tracers, logs: `pilot/pkg/model/telemetry_logging.go`,
LookupCluster) and those of filters that name `outbound|...` go through the cluster of a service, so
that they are treated like those of any client. A cluster that an EnvoyFilter adds, and those that a
proxy starts with (`tools/packaging/common/envoy_bootstrap.json`: tracers and services of
`defaultConfig`), know of no DestinationRule and no auto mTLS: they send what is written in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.client_mtls import Wire
from meshlint.mesh.envoy_calls import addresses, is_opaque, mentioned, named_clusters, patches
from meshlint.mesh.workloads import Workload
from meshlint.model.extensions.traffic_extension import TrafficExtension
from meshlint.model.extensions.wasm_plugin import WasmPlugin
from meshlint.model.kubernetes.service import Service
from meshlint.model.networking.envoy_filter import EnvoyConfigObjectPatch, EnvoyFilter
from meshlint.model.networking.service_entry import ServiceEntry
from meshlint.model.security.authorization_policy import AuthorizationPolicy
from meshlint.model.telemetry.telemetry import Telemetry

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.services import Selecting
    from meshlint.model.base import Resource
    from meshlint.model.mesh_config.extension_providers import ExtensionProvider
    from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
    from meshlint.model.networking.traffic_policy import ClientTLSSettings

Proxies = tuple[Workload | str, ...] | None

_WIRES = {None: Wire.PLAIN, "DISABLE": Wire.PLAIN, "ISTIO_MUTUAL": Wire.MESH, "SIMPLE": Wire.OWN_TLS}
"""What proxies send by `tlsSettings` of `defaultConfig`; MUTUAL may be with any certificate, the mesh's own too."""


class ClusterCall(msgspec.Struct, frozen=True, eq=False):
    """Proxies call a port of a service through its cluster, as their applications do."""

    clients: Proxies
    """The proxies: gateways, and namespaces of others; None for every proxy of the mesh."""
    service: Selecting
    port: int
    subset: str | None
    place: Place
    text: str
    """Who calls, in words: "provider `authz` of AuthorizationPolicy `login`"."""


class DirectCall(msgspec.Struct, frozen=True, eq=False):
    """Proxies call a port of a service past its cluster."""

    who: str
    """In words: "the cluster `authz` of EnvoyFilter `login`"."""
    service: Selecting
    port: int
    wire: Wire
    is_used: bool
    """Whether something of these files uses the cluster."""
    place: Place | None
    """None where no resource shows it (`--mesh-config`)."""


class ProxyCalls:
    """The calls that proxies make by themselves."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def through_clusters(self) -> Iterator[ClusterCall]:
        """The calls through the clusters of services."""
        for envoy_filter in self._mesh.all(EnvoyFilter):
            for patch in patches(envoy_filter):
                yield from self._of_patch(envoy_filter, patch)
        for plugin in self._mesh.all(WasmPlugin):
            if plugin.spec:
                where = at(plugin, plugin.spec, "plugin_config")
                yield from self._in_settings(plugin, plugin.spec.plugin_config, where)
        for policy in self._mesh.all(AuthorizationPolicy):
            provider = policy.spec.provider if policy.spec and policy.action == "CUSTOM" else None
            if provider is not None and provider.name:
                selector = policy.spec.selector if policy.spec else None
                clients = self._clients(policy, selector.wanted if selector else None)
                yield from self._of_provider(provider.name, clients, at(policy, provider, "name"))
        for telemetry in self._mesh.all(Telemetry):
            yield from self._of_telemetry(telemetry)

    @cached_property
    def direct(self) -> Sequence[DirectCall]:
        """The calls past the clusters of services."""
        filters = self._mesh.all(EnvoyFilter)
        added = [call for item in filters for patch in patches(item) for call in self._of_added(item, patch)]
        return (*added, *self._of_bootstrap())

    def shown_by(self, resource: Resource) -> Sequence[DirectCall]:
        """The calls past the clusters of services that a resource shows."""
        return self._by_resource.get(resource, ())

    @cached_property
    def _by_resource(self) -> Mapping[Resource, Sequence[DirectCall]]:
        index: dict[Resource, list[DirectCall]] = {}
        for call in self.direct:
            if call.place is not None:
                index.setdefault(call.place.resource, []).append(call)
        return index

    @cached_property
    def opaque(self) -> Sequence[Resource]:
        """The resources for which proxies may call what no file names."""
        filters = [item for item in self._mesh.all(EnvoyFilter) if any(map(is_opaque, patches(item)))]
        return [*filters, *self._mesh.all(WasmPlugin), *self._mesh.all(TrafficExtension)]

    def _of_patch(self, envoy_filter: EnvoyFilter, patch: EnvoyConfigObjectPatch) -> Iterator[ClusterCall]:
        found = list(named_clusters(patch.patch.value)) if patch.patch else []
        selector = envoy_filter.spec.workload_selector if envoy_filter.spec else None
        clients = self._clients(envoy_filter, selector.wanted if selector else None) if found else ()
        for item in found:
            for service in self._exact(item.host):
                text = f"EnvoyFilter `{envoy_filter.name}` calls `{item.text}`"
                place = at(envoy_filter, patch.patch, "value", *item.path)
                yield ClusterCall(clients, service, item.port, item.subset, place, text)

    def _in_settings(self, plugin: WasmPlugin, value: Any, where: Place) -> Iterator[ClusterCall]:
        for item in named_clusters(value):
            selector = plugin.spec.selector if plugin.spec else None
            clients = self._clients(plugin, selector.wanted if selector else None)
            for service in self._exact(item.host):
                text = f"{plugin.kind} `{plugin.name}` is told of `{item.text}`"
                yield ClusterCall(clients, service, item.port, item.subset, where, text)

    def _of_telemetry(self, telemetry: Telemetry) -> Iterator[ClusterCall]:
        spec = telemetry.spec
        if spec is None:
            return
        clients = self._clients(telemetry, spec.selector.wanted if spec.selector else None)
        traced = (entry.providers or () for entry in spec.tracing or ())
        logged = (entry.providers or () for entry in spec.access_logging or ())
        for providers in (*traced, *logged):
            for provider in providers:
                if provider.name:
                    yield from self._of_provider(provider.name, clients, at(telemetry, provider, "name"))

    def _of_provider(self, name: str, clients: Proxies, place: Place) -> Iterator[ClusterCall]:
        provider = self._mesh.settings.extension_providers.get(name)
        for written, port in _services(provider) if provider else ():
            namespace, _, host = written.rpartition("/")
            for service in self._exact(host):
                if not namespace or namespace in self._mesh.homes(service):
                    text = f"{place.resource.kind} `{place.resource.name}` has the provider `{name}` called"
                    yield ClusterCall(clients, service, port, None, place, text)

    def _of_added(self, envoy_filter: EnvoyFilter, patch: EnvoyConfigObjectPatch) -> Iterator[DirectCall]:
        for address in addresses(patch):
            if address.wire is None:
                continue
            what = f"the cluster `{address.cluster}`" if address.cluster else f"`{address.host}:{address.port}`"
            for service in self._mesh.callers.named(address.host, self._mesh.namespace(envoy_filter)):
                yield DirectCall(
                    who=f"{what} of EnvoyFilter `{envoy_filter.name}`",
                    service=service,
                    port=address.port,
                    wire=address.wire,
                    is_used=address.cluster is None or self._mentions.get(address.cluster, 0) > 1,
                    place=at(envoy_filter, patch.patch, "value", *address.path),
                )

    @cached_property
    def _mentions(self) -> Mapping[str, int]:
        """How many patches mention a text: that of a cluster itself, and those that use it."""
        counts: dict[str, int] = {}
        for envoy_filter in self._mesh.all(EnvoyFilter):
            for patch in patches(envoy_filter):
                for text in set(mentioned(patch.patch.value if patch.patch else None)):
                    counts[text] = counts.get(text, 0) + 1
        for plugin in self._mesh.all(WasmPlugin):
            for text in set(mentioned(plugin.spec.plugin_config if plugin.spec else None)):
                counts[text] = counts.get(text, 0) + 1
        return counts

    def _of_bootstrap(self) -> Iterator[DirectCall]:
        """What every proxy is started with, by mesh config."""
        placed = [(item.spec, item) for item in self._mesh.of_class("MeshConfig")]
        given = [(config, None) for config in self._mesh.settings.configs] if self._mesh.context.mesh_config else []
        for config, resource in given or placed:
            proxies = config.default_config if config else None
            if config is None or proxies is None:
                continue
            traced = config.enable_tracing is not False and not self._has_tracers
            for holder, address, tls, what in _started_with(
                proxies, traces=traced, logs=bool(config.enable_envoy_access_log_service)
            ):
                host, _, port = address.rpartition(":")
                wire = _WIRES.get(tls.mode if tls else None)
                if wire is None or not port.isdecimal() or "." not in host:
                    continue
                for service in self._mesh.callers.named(host, ""):
                    place = at(resource, holder, "address") if resource is not None else None
                    yield DirectCall(f"`{what}` of mesh config", service, int(port), wire, True, place)

    @cached_property
    def _has_tracers(self) -> bool:
        """Whether Telemetry or default providers say where traces go, so that `defaultConfig` does not."""
        defaults = self._mesh.settings.default_providers
        named = any(item.spec and item.spec.tracing for item in self._mesh.all(Telemetry))
        return named or bool(defaults and defaults.tracing)

    def _exact(self, host: str) -> list[Selecting]:
        """The services of a full name, under which istiod keeps clusters."""
        found = self._mesh.hosts.named(host, "") if "." in host else ()
        return [item for item in found if isinstance(item, Service | ServiceEntry)]

    def _clients(self, resource: Resource, wanted: Mapping[str, str] | None) -> Proxies:
        """The proxies that a resource is about."""
        namespaces = self._mesh.homes(resource)
        if not wanted:
            return None if self._mesh.settings.root_namespace in namespaces else tuple(namespaces)
        picked = self._mesh.selectors.picked_by_policy(namespaces, wanted)
        gateways = [item for item in picked if self._mesh.injection.gateway(item) is Answer.YES]
        others = {item.namespace for item in picked} - {item.namespace for item in gateways}
        return (*gateways, *sorted(others))


def _services(provider: ExtensionProvider) -> Iterator[tuple[str, int]]:
    """The services that a provider of any kind names, with the port."""
    for name in provider.__struct_fields__:
        settings = getattr(provider, name)
        service, port = getattr(settings, "service", None), getattr(settings, "port", None)
        if isinstance(service, str) and isinstance(port, int):
            yield service, port


def _started_with(
    proxies: MeshProxyConfig, *, traces: bool, logs: bool
) -> Iterator[tuple[Any, str, ClientTLSSettings | None, str]]:
    """The addresses that proxies are started with: what holds one, the address, its TLS, and its name."""
    tracing = proxies.tracing
    if tracing is not None and traces:
        for tracer, name in ((tracing.zipkin, "zipkin"), (tracing.lightstep, "lightstep")):
            if tracer is not None and tracer.address:
                yield tracer, tracer.address, tracing.tls_settings, f"tracing.{name}"
    remotes = [(proxies.envoy_metrics_service, "envoyMetricsService")]
    if logs:
        remotes.append((proxies.envoy_access_log_service, "envoyAccessLogService"))
    for remote, name in remotes:
        if remote is not None and remote.address:
            yield remote, remote.address, remote.tls_settings, name
