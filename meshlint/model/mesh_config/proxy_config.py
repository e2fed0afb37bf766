"""ProxyConfig of mesh config: `defaultConfig`, and the annotation `proxy.istio.io/config` of pods."""

from meshlint.model.base import Message
from meshlint.model.networking.proxy_config import ProxyImage
from meshlint.model.networking.traffic_policy import ClientTLSSettings, TcpKeepalive
from meshlint.model.networking.workload_group import ReadinessProbe
from meshlint.model.selection import Duration


class TracerAddress(Message, frozen=True):
    """Where a tracer listens: Zipkin, Datadog."""

    address: str | None = None


class Lightstep(Message, frozen=True):
    """A Lightstep satellite; hidden from the documentation since 1.25."""

    address: str | None = None
    access_token: str | None = None


class Stackdriver(Message, frozen=True):
    """Google's operations suite; hidden from the documentation since 1.25."""

    debug: bool | None = None
    max_number_of_attributes: int | str | None = None
    max_number_of_annotations: int | str | None = None
    max_number_of_message_events: int | str | None = None


class OpenCensusAgent(Message, frozen=True):
    """An OpenCensus agent; hidden from the documentation since 1.25."""

    address: str | None = None
    context: tuple[str, ...] | None = None


class LiteralTag(Message, frozen=True):
    """A tag of a fixed value."""

    value: str | None = None


class NamedTag(Message, frozen=True):
    """A tag from an environment variable of the proxy, or from a header of the request."""

    name: str | None = None
    default_value: str | None = None


class CustomTag(Message, frozen=True):
    """A tag of every span: exactly one of the sources."""

    literal: LiteralTag | None = None
    environment: NamedTag | None = None
    header: NamedTag | None = None


class ProxyTracing(Message, frozen=True):
    """Traces, where no Telemetry resource and no provider says otherwise."""

    zipkin: TracerAddress | None = None
    lightstep: Lightstep | None = None
    datadog: TracerAddress | None = None
    stackdriver: Stackdriver | None = None
    open_census_agent: OpenCensusAgent | None = None
    custom_tags: dict[str, CustomTag] | None = None
    max_path_tag_length: int | None = None
    """256 if absent."""
    sampling: float | None = None
    """Percent; 1 if absent."""
    tls_settings: ClientTLSSettings | None = None
    enable_istio_tags: bool | None = None


class SDS(Message, frozen=True):
    """Deprecated and without effect."""

    enabled: bool | None = None
    k8s_sa_jwt_path: str | None = None


class ProxyProtocolConfiguration(Message, frozen=True):
    """That it is there makes gateways expect the PROXY protocol."""


class Topology(Message, frozen=True):
    """What stands in front of a gateway."""

    num_trusted_proxies: int | None = None
    """Proxies whose X-Forwarded-For is believed; 0 if absent."""
    forward_client_cert_details: str | None = None
    proxy_protocol: ProxyProtocolConfiguration | None = None


class PrivateKeyMethod(Message, frozen=True):
    """Hardware for private keys: CryptoMb, QAT."""

    poll_delay: Duration | None = None
    fallback: bool | None = None


class PrivateKeyProvider(Message, frozen=True):
    """Which hardware does the work with private keys."""

    cryptomb: PrivateKeyMethod | None = None
    qat: PrivateKeyMethod | None = None


class ProxyStatsMatcher(Message, frozen=True):
    """Statistics of Envoy that are made besides Istio's few."""

    inclusion_prefixes: tuple[str, ...] | None = None
    inclusion_suffixes: tuple[str, ...] | None = None
    inclusion_regexps: tuple[str, ...] | None = None


class ServerHeader(Message, frozen=True):
    """The header `server`."""

    disabled: bool | None = None
    value: str | None = None


class HeaderOff(Message, frozen=True):
    """A header that proxies add unless disabled."""

    disabled: bool | None = None


class HeaderOn(Message, frozen=True):
    """A header that proxies add if enabled."""

    enabled: bool | None = None


class MetadataExchangeHeaders(Message, frozen=True):
    """The headers `x-envoy-peer-metadata` and its id."""

    mode: str | None = None
    """`UNDEFINED` (the default: always) or `IN_MESH`."""


class SetCurrentClientCertDetails(Message, frozen=True):
    """What X-Forwarded-Client-Cert says."""

    subject: bool | None = None
    cert: bool | None = None
    chain: bool | None = None
    dns: bool | None = None
    uri: bool | None = None


class ProxyHeaders(Message, frozen=True):
    """Headers that proxies add."""

    forwarded_client_cert: str | None = None
    set_current_client_cert_details: SetCurrentClientCertDetails | None = None
    request_id: HeaderOff | None = None
    server: ServerHeader | None = None
    attempt_count: HeaderOff | None = None
    envoy_debug_headers: HeaderOff | None = None
    metadata_exchange_headers: MetadataExchangeHeaders | None = None
    preserve_http1_header_case: bool | None = None
    x_forwarded_host: HeaderOn | None = None
    x_forwarded_port: HeaderOn | None = None


class ConnectionSettings(Message, frozen=True):
    """Limits of Envoy's connections. Since Istio 1.31."""

    profile: str | None = None
    """`SIDECAR` or `EDGE`."""
    listener_per_connection_buffer_limit_bytes: int | None = None
    cluster_per_connection_buffer_limit_bytes: int | None = None
    http_idle_timeout: Duration | None = None
    http_max_connection_duration: Duration | None = None
    http_drain_timeout: Duration | None = None
    http_request_timeout: Duration | None = None
    http_request_headers_timeout: Duration | None = None
    http_stream_idle_timeout: Duration | None = None
    http_max_stream_duration: Duration | None = None
    http_max_concurrent_streams: int | None = None
    http2_initial_stream_window_size: int | None = None
    http2_initial_connection_window_size: int | None = None
    http_headers_with_underscores_action: str | None = None
    http_merge_slashes: bool | None = None
    http_path_with_escaped_slashes_action: str | None = None
    listener_connection_limit: int | None = None
    global_downstream_connection_limit: int | None = None


class RemoteService(Message, frozen=True):
    """A service proxies send to."""

    address: str | None = None
    """`host:port`."""
    tls_settings: ClientTLSSettings | None = None
    tcp_keepalive: TcpKeepalive | None = None


class MeshProxyConfig(Message, frozen=True):
    """Start-up settings of proxies (`ProxyConfig` of mesh config; the resource of that name holds a part of them)."""

    config_path: str | None = None
    binary_path: str | None = None
    service_cluster: str | None = None
    tracing_service_name: str | None = None
    drain_duration: Duration | None = None
    """45 s if absent."""
    discovery_address: str | None = None
    """`istiod.istio-system.svc:15012` if absent."""
    discovery_refresh_delay: Duration | None = None
    """Deprecated."""
    zipkin_address: str | None = None
    """Deprecated in favour of `tracing.zipkin.address`."""
    statsd_udp_address: str | None = None
    envoy_metrics_service_address: str | None = None
    """Deprecated in favour of `envoy_metrics_service`."""
    proxy_admin_port: int | None = None
    """15000 if absent."""
    availability_zone: str | None = None
    """Deprecated."""
    control_plane_auth_policy: str | None = None
    custom_config_file: str | None = None
    stat_name_length: int | None = None
    """189 if absent."""
    concurrency: int | None = None
    """Worker threads; 0 takes as many as there are cores, absent follows the CPU limit."""
    proxy_bootstrap_template_path: str | None = None
    interception_mode: str | None = None
    """`REDIRECT` (the default), `TPROXY` or `NONE`."""
    tracing: ProxyTracing | None = None
    sds: SDS | None = None
    """Deprecated."""
    envoy_access_log_service: RemoteService | None = None
    envoy_metrics_service: RemoteService | None = None
    proxy_metadata: dict[str, str] | None = None
    """Environment variables of the proxy."""
    runtime_values: dict[str, str] | None = None
    status_port: int | None = None
    """15020 if absent."""
    extra_stat_tags: tuple[str, ...] | None = None
    gateway_topology: Topology | None = None
    termination_drain_duration: Duration | None = None
    """5 s if absent."""
    mesh_id: str | None = None
    readiness_probe: ReadinessProbe | None = None
    proxy_stats_matcher: ProxyStatsMatcher | None = None
    hold_application_until_proxy_starts: bool | None = None
    """False if absent: the application may start before its proxy can carry traffic."""
    ca_certificates_pem: tuple[str, ...] | None = None
    image: ProxyImage | None = None
    private_key_provider: PrivateKeyProvider | None = None
    proxy_headers: ProxyHeaders | None = None
    file_flush_interval: Duration | None = None
    file_flush_min_size_kb: int | None = None
    stats_compression: bool | None = None
    connection_settings: ConnectionSettings | None = None
