"""MeshConfig: the settings of the whole mesh."""

from typing import Any, ClassVar

import msgspec

from meshlint.model.base import UNCONVERTIBLE, Message, Opaque, Resource
from meshlint.model.kubernetes.common import LabelSelector
from meshlint.model.mesh_config.extension_providers import ExtensionProvider
from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
from meshlint.model.networking.traffic_policy import (
    ClientTLSSettings,
    ConnectionPoolSettings,
    LocalityLoadBalancerSetting,
    OutlierDetection,
    TcpKeepalive,
    ZoneAwareLoadBalancerSetting,
)
from meshlint.model.networking.virtual_service import HTTPRetry
from meshlint.model.selection import Duration

API_VERSION = "install.istio.io/v1alpha1"
"""What MeshConfig and MeshNetworks carry as `api_version`; they are no Kubernetes resources and have none."""


class MeshOutboundTrafficPolicy(Message, frozen=True):
    """What happens to traffic to hosts a proxy does not know."""

    mode: str | None = None
    """`ALLOW_ANY` (the default where the message is absent), `REGISTRY_ONLY`, `ALLOW_ANY_DYNAMIC_DNS`."""
    tls: ClientTLSSettings | None = None


class InboundTrafficPolicy(Message, frozen=True):
    """Where the proxy sends what arrives for its workload."""

    mode: str | None = None
    """`PASSTHROUGH` (the default: to the pod's address) or `LOCALHOST`."""


class CertificateData(Message, frozen=True):
    """A root of trust besides istiod's: a PEM, or where a SPIFFE bundle is."""

    pem: str | None = None
    spiffe_bundle_url: str | None = None
    cert_signers: tuple[str, ...] | None = None
    trust_domains: tuple[str, ...] | None = None


class Settings(Message, frozen=True):
    """Settings of services."""

    cluster_local: bool | None = None


class ServiceSettings(Message, frozen=True):
    """Settings of the services of some hosts."""

    settings: Settings | None = None
    hosts: tuple[str, ...] | None = None


class ServiceScopeConfigs(Message, frozen=True):
    """Ambient, several clusters: which services other clusters see."""

    namespace_selector: LabelSelector | None = None
    services_selector: LabelSelector | None = None
    scope: str | None = None
    """`LOCAL` or `GLOBAL`."""


class CA(Message, frozen=True):
    """A certificate authority besides istiod."""

    address: str | None = None
    tls_settings: ClientTLSSettings | None = None
    request_timeout: Duration | None = None
    istiod_side: bool | None = None


class DefaultProviders(Message, frozen=True):
    """Providers that hold where no Telemetry names one."""

    tracing: tuple[str, ...] | None = None
    metrics: tuple[str, ...] | None = None
    access_logging: tuple[str, ...] | None = None


class ProxyPathNormalization(Message, frozen=True):
    """How paths are made equal before policies look at them."""

    normalization: str | None = None
    """`DEFAULT` (that is BASE), `NONE`, `BASE`, `MERGE_SLASHES`, `DECODE_AND_MERGE_SLASHES`."""


class TLSConfig(Message, frozen=True):
    """Limits of TLS."""

    min_protocol_version: str | None = None
    ecdh_curves: tuple[str, ...] | None = None
    cipher_suites: tuple[str, ...] | None = None


class DefaultTrafficPolicy(Message, frozen=True):
    """What holds where no DestinationRule says otherwise. Since Istio 1.31."""

    connection_pool: ConnectionPoolSettings | None = None
    outlier_detection: OutlierDetection | None = None


class ServiceEntryMatchRule(Message, frozen=True):
    """ServiceEntries by their namespace."""

    namespace_selector: LabelSelector | None = None


class ServiceEntryPolicy(Message, frozen=True):
    """The visibility of some ServiceEntries."""

    visibility: str | None = None
    matching_rules: tuple[ServiceEntryMatchRule, ...] | None = None


class ServiceEntryVisibility(Message, frozen=True):
    """Who may see ServiceEntries, above their own `exportTo`."""

    default_visibility: str | None = None
    """`NONE`, `NAMESPACE` or `PUBLIC`."""
    apply_to_sidecars: bool | None = None
    policies: tuple[ServiceEntryPolicy, ...] | None = None


class ConfigSource(Message, frozen=True):
    """Where istiod takes its configuration from."""

    address: str | None = None
    tls_settings: ClientTLSSettings | None = None
    subscribed_resources: tuple[str, ...] | None = None


class Certificate(Message, frozen=True):
    """Deprecated: a certificate istiod makes for a DNS name."""

    secret_name: str | None = None
    dns_names: tuple[str, ...] | None = None


class MeshConfigSpec(Message, frozen=True):
    """The message MeshConfig. istiod merges what is written over its defaults, which are named here."""

    proxy_listen_port: int | None = None
    """15001 if absent."""
    proxy_inbound_listen_port: int | None = None
    """15006 if absent."""
    proxy_http_port: int | None = None
    connect_timeout: Duration | None = None
    """10 s if absent."""
    hbone_idle_timeout: Duration | None = None
    protocol_detection_timeout: Duration | None = None
    """0 s (no limit) if absent."""
    tcp_keepalive: TcpKeepalive | None = None
    ingress_class: str | None = None
    """`istio` if absent."""
    ingress_service: str | None = None
    """`istio-ingressgateway` if absent."""
    ingress_controller_mode: str | None = None
    """`STRICT` if absent: only Ingresses of the class."""
    ingress_selector: str | None = None
    enable_tracing: bool | None = None
    access_log_file: str | None = None
    access_log_format: str | None = None
    access_log_encoding: str | None = None
    enable_envoy_access_log_service: bool | None = None
    disable_envoy_listener_log: bool | None = None
    default_config: MeshProxyConfig | None = None
    outbound_traffic_policy: MeshOutboundTrafficPolicy | None = None
    inbound_traffic_policy: InboundTrafficPolicy | None = None
    config_sources: tuple[ConfigSource, ...] | None = None
    enable_auto_mtls: bool | None = None
    """True if absent."""
    trust_domain: str | None = None
    """`cluster.local` if absent."""
    trust_domain_aliases: tuple[str, ...] | None = None
    ca_certificates: tuple[CertificateData, ...] | None = None
    default_service_export_to: tuple[str, ...] | None = None
    """`*` if absent, as of the next two."""
    default_virtual_service_export_to: tuple[str, ...] | None = None
    default_destination_rule_export_to: tuple[str, ...] | None = None
    root_namespace: str | None = None
    """`istio-system` if absent."""
    locality_lb_setting: LocalityLoadBalancerSetting | None = None
    zone_aware_lb_setting: ZoneAwareLoadBalancerSetting | None = None
    dns_refresh_rate: Duration | None = None
    """60 s if absent."""
    h2_upgrade_policy: str | None = None
    inbound_cluster_stat_name: str | None = None
    outbound_cluster_stat_name: str | None = None
    certificates: tuple[Certificate, ...] | None = None
    """Deprecated."""
    service_settings: tuple[ServiceSettings, ...] | None = None
    service_scope_configs: tuple[ServiceScopeConfigs, ...] | None = None
    enable_prometheus_merge: bool | None = None
    """True if absent: the proxy serves the application's metrics on port 15020."""
    verify_certificate_at_client: bool | None = None
    """Deprecated."""
    ca: CA | None = None
    extension_providers: tuple[ExtensionProvider, ...] | None = None
    default_providers: DefaultProviders | None = None
    discovery_selectors: tuple[LabelSelector, ...] | None = None
    """Namespaces istiod looks at: one of them has to match. Absent or empty: all."""
    path_normalization: ProxyPathNormalization | None = None
    default_http_retry_policy: HTTPRetry | None = None
    """2 retries on connection failures if absent."""
    mesh_mtls: TLSConfig | None = msgspec.field(name="meshMTLS", default=None)
    tls_defaults: TLSConfig | None = None
    """Of everything but the mesh's own mTLS."""
    default_traffic_policy: DefaultTrafficPolicy | None = None
    service_entry_visibility: ServiceEntryVisibility | None = None


class MeshConfig(Resource, frozen=True):
    """Mesh config, wherever it was written, in the form of a resource. Its document is the message itself."""

    document_path: ClassVar[tuple[str, ...]] = ("spec",)

    spec: MeshConfigSpec | None = None


_PROTO_NAMES = frozenset(name for name in MeshConfigSpec.__struct_fields__ if "_" in name)


def mesh_config(data: Any) -> MeshConfig | Opaque:
    """Make a MeshConfig of the message as plain data; `Opaque` where it does not convert. Never raises.

    istiod also reads the proto's own names (`root_namespace`). They are not modelled, and taking them
    for absent would be wrong: such a mesh config is opaque too.
    """
    if isinstance(data, dict) and not _PROTO_NAMES.isdisjoint(data):
        return Opaque(API_VERSION, "MeshConfig")
    try:
        return MeshConfig(API_VERSION, "MeshConfig", spec=msgspec.convert(data, MeshConfigSpec | None))
    except UNCONVERTIBLE:
        return _with_quoted_numbers(data)


def _with_quoted_numbers(data: Any) -> MeshConfig | Opaque:
    """Numbers in quotes are numbers to istiod too; booleans in quotes it refuses, where msgspec would not."""
    from meshlint.model.refusal import wrong_settings

    if isinstance(data, dict) and not any(wrong_settings("MeshConfig", data)):
        try:
            return MeshConfig(API_VERSION, "MeshConfig", spec=msgspec.convert(data, MeshConfigSpec, strict=False))
        except UNCONVERTIBLE:
            pass  # the number of a name, such as that of `mode`
    return Opaque(API_VERSION, "MeshConfig")
