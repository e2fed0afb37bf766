"""What the mesh is set to: mesh config, and the parts of the installation that change how files are to be read.

Mesh config is that of `--mesh-config`, else what the input holds (`carriers.py`): the `istio` ConfigMap,
an IstioOperator, the values of a HelmRelease. Where neither says anything Istio's own default holds
(`pkg/config/mesh/mesh.go`, DefaultMeshConfig). Where several say different things (two clusters in
one repository) the default is taken too, and `mixed` says so.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope
from meshlint.mesh.installation import Installation
from meshlint.mesh.placeholders import is_placeholder
from meshlint.model.base import Opaque

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.kubernetes.common import LabelSelector
    from meshlint.model.mesh_config.extension_providers import ExtensionProvider
    from meshlint.model.mesh_config.mesh_config import DefaultProviders, MeshConfigSpec
    from meshlint.model.networking.virtual_service import HTTPRetry

T = TypeVar("T")

_READ = (
    "root_namespace",
    "trust_domain",
    "trust_domain_aliases",
    "enable_auto_mtls",
    "outbound_traffic_policy",
    "path_normalization",
    "default_http_retry_policy",
    "default_service_export_to",
    "default_virtual_service_export_to",
    "default_destination_rule_export_to",
    "discovery_selectors",
    "default_providers",
    "enable_prometheus_merge",
    "default_config",
)
"""The fields of mesh config in which a difference makes the mesh a mixed one."""

_METADATA_NAME = "kubernetes.io/metadata.name"
"""The label that Kubernetes puts on every namespace."""


class Settings:
    """The settings of the mesh; every property is what istiod would use, as far as the files tell."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh

    @cached_property
    def configs(self) -> "Sequence[MeshConfigSpec]":
        """Every mesh config that is known: the one of `--mesh-config`, else one for each document that holds some."""
        given = self._mesh.context.mesh_config
        if given is not None:
            from meshlint.model.mesh_config.mesh_config import mesh_config

            config = mesh_config(dict(given))
            return [] if isinstance(config, Opaque) or config.spec is None else [config.spec]
        by_document: dict[tuple[object, ...], MeshConfigSpec] = {}
        for resource in self._mesh.of_class("MeshConfig"):
            origin = self._mesh.origin(resource)
            key = (origin.source, origin.document, origin.prefix)
            if resource.spec:
                by_document[key] = _over(by_document.get(key), resource.spec)
        return list(by_document.values())

    @cached_property
    def is_known(self) -> bool:
        """Whether a whole mesh config was given; otherwise every property is a default that may be wrong."""
        return bool(self.configs) and not self._is_completed

    @cached_property
    def _is_completed(self) -> bool:
        """Whether what the input holds of mesh config is completed or changed by something else."""
        mesh = self._mesh
        if mesh.context.mesh_config is not None:
            return False
        origins = [(resource, mesh.origin(resource)) for resource in mesh.of_class("MeshConfig")]
        builds = mesh.context.builds
        return any(
            origin.is_part
            or (builds and builds.patched(origin.path, resource.namespace, resource.name, origin.carrier))
            for resource, origin in origins
        )

    @cached_property
    def mixed(self) -> bool:
        """Whether mesh configs differ in what this class reads of them, or one cannot be read, or not yet."""
        if any(item.kind == "MeshConfig" for item in self._mesh.all(Opaque)):
            return True
        read = [[getattr(config, name) for config in self.configs] for name in _READ]
        return any(_differ(values) or any(map(_is_unfilled, values)) for values in read)

    @cached_property
    def root_namespace(self) -> str:
        """Where policies for the whole mesh live."""
        return self._value(lambda config: config.root_namespace or None) or "istio-system"

    @cached_property
    def trust_domain(self) -> str:
        """The trust domain of the mesh's identities."""
        written = self._value(lambda config: config.trust_domain or None)
        return written or self._installed("global.trustDomain", str) or "cluster.local"

    @cached_property
    def trust_domain_aliases(self) -> tuple[str, ...]:
        """Trust domains whose identities are taken for the mesh's own."""
        return self._value(lambda config: config.trust_domain_aliases) or ()

    @cached_property
    def cluster_domain(self) -> str:
        """The DNS domain of the cluster: `name.namespace.svc.<domain>`."""
        written = self._installed("global.proxy.clusterDomain", str)
        return written or _agreed(self._installation.arguments("--domain")) or "cluster.local"

    @cached_property
    def cluster_name(self) -> str:
        """The name of the cluster in a mesh of several (`global.multiCluster.clusterName`)."""
        return self._installed("global.multiCluster.clusterName", str) or self.environment("CLUSTER_ID") or "Kubernetes"

    @cached_property
    def auto_mtls(self) -> bool:
        """Whether clients speak mTLS by themselves to what has a sidecar (`enableAutoMtls`)."""
        return self._value(lambda config: config.enable_auto_mtls) is not False

    @cached_property
    def outbound_policy(self) -> str:
        """What happens to traffic to unknown hosts: `ALLOW_ANY` or `REGISTRY_ONLY`.

        A message without a mode is REGISTRY_ONLY: it replaces the default, and that is the zero value
        of the enumeration (`istio.io/api/mesh/v1alpha1/config.proto`).
        """
        policy = self._value(lambda config: config.outbound_traffic_policy)
        return "ALLOW_ANY" if policy is None else policy.mode or "REGISTRY_ONLY"

    @cached_property
    def path_normalization(self) -> str:
        """How paths are made equal before policies look at them: `BASE` where nothing is written."""
        written = self._value(lambda config: config.path_normalization)
        mode = written.normalization if written else None
        return "BASE" if mode in {None, "DEFAULT"} else mode or "BASE"

    @cached_property
    def default_retries(self) -> "HTTPRetry":
        """The retries of routes that write none (`pilot/pkg/networking/core/route/retry/retry.go`, DefaultPolicy)."""
        from meshlint.model.networking.virtual_service import HTTPRetry

        written = self._value(lambda config: config.default_http_retry_policy)
        return written or HTTPRetry(attempts=2, retry_on="connect-failure,refused-stream,unavailable,cancelled")

    @cached_property
    def default_service_export_to(self) -> tuple[str, ...]:
        """Who sees Services and ServiceEntries without `exportTo`; empty means everybody."""
        return self._value(lambda config: config.default_service_export_to) or ()

    @cached_property
    def default_virtual_service_export_to(self) -> tuple[str, ...]:
        """Who sees VirtualServices without `exportTo`; empty means everybody."""
        return self._value(lambda config: config.default_virtual_service_export_to) or ()

    @cached_property
    def default_destination_rule_export_to(self) -> tuple[str, ...]:
        """Who sees DestinationRules without `exportTo`; empty means everybody."""
        return self._value(lambda config: config.default_destination_rule_export_to) or ()

    @cached_property
    def discovery_selectors(self) -> "tuple[LabelSelector, ...]":
        """The namespaces istiod looks at: one selector has to match; none means all."""
        return self._value(lambda config: config.discovery_selectors) or ()

    @cached_property
    def extension_providers(self) -> "Mapping[str, ExtensionProvider]":
        """Every provider of every mesh config by its name; the first wins."""
        found: dict[str, ExtensionProvider] = {}
        for config in self.configs:
            for provider in config.extension_providers or ():
                if provider.name:
                    found.setdefault(provider.name, provider)
        return found

    @cached_property
    def default_providers(self) -> "DefaultProviders | None":
        """The providers that hold where no Telemetry names one."""
        return self._value(lambda config: config.default_providers)

    @cached_property
    def prometheus_merge(self) -> bool:
        """Whether the proxy serves the application's metrics in plain text (`enablePrometheusMerge`)."""
        return self._value(lambda config: config.enable_prometheus_merge) is not False

    @cached_property
    def holds_application(self) -> bool:
        """Whether containers start after the proxy (`defaultConfig.holdApplicationUntilProxyStarts`)."""
        written = self._value(lambda config: config.default_config)
        return bool(written and written.hold_application_until_proxy_starts)

    @cached_property
    def proxy_metadata(self) -> Mapping[str, str]:
        """Environment variables of every proxy (`defaultConfig.proxyMetadata`)."""
        written = self._value(lambda config: config.default_config)
        return (written.proxy_metadata if written else None) or {}

    @cached_property
    def dns_capture(self) -> bool:
        """Whether proxies answer DNS (`ISTIO_META_DNS_CAPTURE` of the proxies' metadata)."""
        return self.proxy_metadata.get("ISTIO_META_DNS_CAPTURE", "").lower() == "true"

    @cached_property
    def is_ambient(self) -> bool:
        """Whether the profile `ambient` is installed: ztunnel is there, and sidecars speak HBONE to it."""
        return "ambient" in self._installation.profiles

    @cached_property
    def speaks_hbone(self) -> bool:
        """Whether sidecars tunnel to ambient endpoints (`ISTIO_META_ENABLE_HBONE`, which the profile sets)."""
        return self.is_ambient or self.proxy_metadata.get("ISTIO_META_ENABLE_HBONE", "").lower() == "true"

    @cached_property
    def enable_namespaces_by_default(self) -> bool:
        """Whether namespaces without a label are injected (`sidecarInjectorWebhook.enableNamespacesByDefault`)."""
        return self._installed("sidecarInjectorWebhook.enableNamespacesByDefault", bool) is True

    @cached_property
    def injects_by_default(self) -> bool:
        """The injector's policy for pods that say nothing: `enabled` (`global.proxy.autoInject`)."""
        policy = self._installed("policy", str) or self._installed("global.proxy.autoInject", str)
        return policy != "disabled"

    @cached_property
    def rewrites_probes(self) -> bool:
        """Whether the injector leads HTTP, TCP and gRPC probes around mTLS (`rewriteAppHTTPProbe`)."""
        return self._installed("sidecarInjectorWebhook.rewriteAppHTTPProbe", bool) is not False

    def proxy_value(self, name: str) -> str | None:
        """A Helm value of the proxies (`global.proxy.<name>`) that is a text."""
        return self._installed(f"global.proxy.{name}", str)

    def environment(self, name: str) -> str | None:
        """The value of a variable in istiod's environment (`PILOT_...`); None where no file sets it, or files differ."""
        return _agreed(self._installation.environment(name))

    def discovers(self, namespace: str) -> Answer:
        """Whether istiod sees a namespace: unknown where labels that kubectl may add would decide."""
        selectors = self.discovery_selectors
        if not selectors or namespace == self.root_namespace:
            return Answer.YES
        labels = {_METADATA_NAME: namespace, **self._namespace_labels.get(namespace, {})}
        if any(selector.matches(labels) for selector in selectors):
            return Answer.YES
        certain = self._mesh.context.scope is Scope.COMPLETE or all(_refuses(item, labels) for item in selectors)
        return Answer.NO if certain else Answer.UNKNOWN

    @cached_property
    def _namespace_labels(self) -> Mapping[str, Mapping[str, str]]:
        return {item.name: item.labels for item in self._mesh.of_class("Namespace")}

    @cached_property
    def _installation(self) -> Installation:
        return Installation(self._mesh)

    def _value(self, get: "Callable[[MeshConfigSpec], T | None]") -> T | None:
        """What all mesh configs say; None where they say nothing, or differ."""
        return _agreed([get(config) for config in self.configs])

    def _installed(self, path: str, kind: type[T]) -> T | None:
        return _agreed([value for value in self._installation.values(path) if isinstance(value, kind)])


def _over(first: "MeshConfigSpec | None", second: "MeshConfigSpec") -> "MeshConfigSpec":
    """Two parts of one installation in one: an IstioOperator's `meshConfig` comes before that of its `values`."""
    if first is None:
        return second
    written = {name: getattr(first, name) for name in first.__struct_fields__}
    return msgspec.structs.replace(second, **{name: value for name, value in written.items() if value is not None})


def _agreed(values: Sequence[T]) -> T | None:
    return None if not values or _differ(values) else values[0]


def _differ(values: Sequence[object]) -> bool:
    """Whether values are not all equal; structs are compared by what they hold."""
    plain = [msgspec.to_builtins(value) for value in values]
    return any(value != plain[0] for value in plain)


def _is_unfilled(value: object) -> bool:
    """Whether some text in a value is to be filled in before istiod reads it."""
    plain = [msgspec.to_builtins(value)]
    while plain:
        part = plain.pop()
        if isinstance(part, str) and is_placeholder(part):
            return True
        plain += part.values() if isinstance(part, dict) else part if isinstance(part, list | tuple) else ()
    return False


def _refuses(selector: "LabelSelector", labels: Mapping[str, str]) -> bool:
    """Whether a selector cannot match, whatever labels are added to these."""
    for key, value in (selector.match_labels or {}).items():
        if labels.get(key, value) != value:
            return True
    for requirement in selector.match_expressions or ():
        if requirement.key in labels and not type(selector)(match_expressions=(requirement,)).matches(labels):
            return True
    return False
