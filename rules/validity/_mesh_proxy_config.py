"""The ProxyConfig of mesh config and of the annotation `proxy.istio.io/config`: reference rows px-*.

In the order of `ValidateMeshConfigProxyConfig` (`pkg/config/validation/agent`). It is merged over
the defaults first, so only what is written can be wrong.
"""

from meshlint.api import Target
from meshlint.model.mesh_config.proxy_config import (
    ConnectionSettings,
    MeshProxyConfig,
    PrivateKeyProvider,
    ProxyTracing,
)
from meshlint.values.durations import nanoseconds, whole_seconds
from meshlint.values.hosts import address
from meshlint.values.numbers import port as port_number

from ._client_tls import client_tls
from ._frame import Fault, Faults, bad_duration, fault, since, yaml_name

_HOST_IP = "$(HOST_IP)"
_ADDRESS_HELP = "write `host:port`, such as `collector.tracing.svc:9411`"
_DURATIONS = (
    "http_idle_timeout",
    "http_max_connection_duration",
    "http_drain_timeout",
    "http_request_timeout",
    "http_request_headers_timeout",
    "http_stream_idle_timeout",
    "http_max_stream_duration",
)
_SIZES = ("listener_per_connection_buffer_limit_bytes", "cluster_per_connection_buffer_limit_bytes")
_LIMITS = ("http_max_concurrent_streams", "listener_connection_limit", "global_downstream_connection_limit")
_WINDOWS = ("http2_initial_stream_window_size", "http2_initial_connection_window_size")
_SMALLEST_WINDOW = 65535


def mesh_proxy_config(config: MeshProxyConfig, target: Target) -> Faults:
    """Every row."""
    for attribute in ("config_path", "binary_path", "service_cluster"):
        yield from px_empty(config, attribute)
    yield from px_drain(config)
    yield from px_discovery(config)
    if config.tracing is not None:
        yield from px_tracing(config.tracing)
    yield from px_address(config, "statsd_udp_address")  # row px-statsd
    yield from px_address(config, "envoy_metrics_service_address")  # row px-metrics
    for attribute in ("envoy_metrics_service", "envoy_access_log_service"):
        service = getattr(config, attribute)
        if service is not None:
            yield from px_address(service, "address")  # rows px-metrics, px-als
    for attribute in ("proxy_admin_port", "status_port"):
        yield from px_port(config, attribute)
    yield from px_auth_policy(config)
    if config.private_key_provider is not None:
        yield from px_private_key(config.private_key_provider)
    if config.connection_settings is not None and since(target, "1.31"):
        yield from px_connection(config.connection_settings)


def px_empty(config: MeshProxyConfig, attribute: str) -> Faults:
    """Rows px-config-path, px-binary-path, px-cluster-name: what has a default must not be empty."""
    if getattr(config, attribute) == "" and not (attribute == "service_cluster" and config.tracing_service_name):
        yield fault(
            config,
            attribute,
            what=f"an empty `{yaml_name(config, attribute)}`",
            why="it has to be set",
            help="leave it out for the default",
        )


def px_drain(config: MeshProxyConfig) -> Faults:
    """A duration of whole seconds."""
    refused = list(bad_duration(config, "drain_duration"))
    yield from refused
    reason = config.drain_duration is not None and not refused and whole_seconds(config.drain_duration)
    if reason:
        yield fault(
            config,
            "drain_duration",
            what=f"`drainDuration: {config.drain_duration}`",
            why=reason,
            help="write whole seconds, such as `45s`",
        )


def px_discovery(config: MeshProxyConfig) -> Faults:
    """Where istiod is: `host:port`."""
    text = config.discovery_address
    reason = None if text is None else address(text) if text else "it is empty"
    if reason:
        yield fault(
            config,
            "discovery_address",
            what=f"`discoveryAddress: {text}`",
            why=reason,
            help="write `host:port`, or leave it out for `istiod.istio-system.svc:15012`",
        )


def px_tracing(tracing: ProxyTracing) -> Faults:
    """Rows px-tracing, px-tracing-tls: where the tracers are. Kubernetes' `$(HOST_IP)` stands for an address."""
    if tracing.lightstep is not None:
        yield from _tracer(tracing.lightstep, tracing.lightstep.address or "")
        if not tracing.lightstep.access_token:
            yield fault(
                tracing.lightstep,
                "access_token",
                what="`lightstep` without `accessToken`",
                why="it is required",
                help="write the token",
            )
    for tracer in (tracing.zipkin, tracing.datadog):
        if tracer is not None:
            yield from _tracer(tracer, (tracer.address or "").replace(_HOST_IP, "127.0.0.1", 1))
    tls = tracing.tls_settings
    if tls is not None and not (tls.credential_name or "").startswith("configmap://"):
        yield from client_tls(tls, "")


def _tracer(holder: object, text: str) -> Faults:
    reason = address(text) if text else "it is empty"
    if reason:
        yield fault(holder, "address", what=f"the tracer's address `{text}`", why=reason, help=_ADDRESS_HELP)


def px_address(holder: object, attribute: str) -> Faults:
    """`host:port`, or empty."""
    text = getattr(holder, attribute)
    reason = text and address(text)
    if reason:
        yield fault(holder, attribute, what=f"the address `{text}`", why=reason, help=_ADDRESS_HELP)


def px_port(config: MeshProxyConfig, attribute: str) -> Faults:
    """Rows px-admin-port, px-status-port: 1 to 65535."""
    number = getattr(config, attribute)
    reason = number is not None and port_number(number)
    if reason:
        yield fault(
            config,
            attribute,
            what=f"`{yaml_name(config, attribute)}: {number}`",
            why=reason,
            help="leave it out for the default",
        )


def px_auth_policy(config: MeshProxyConfig) -> Faults:
    """NONE or MUTUAL_TLS."""
    policy = config.control_plane_auth_policy
    if policy is not None and policy not in {"NONE", "MUTUAL_TLS"}:
        yield fault(
            config,
            "control_plane_auth_policy",
            what=f"`controlPlaneAuthPolicy: {policy}`",
            why="it is neither NONE nor MUTUAL_TLS",
            help="leave it out for MUTUAL_TLS",
        )


def px_private_key(provider: PrivateKeyProvider) -> Faults:
    """One of the providers, with a delay."""
    if provider.cryptomb is None and provider.qat is None:
        yield fault(
            provider,
            what="`privateKeyProvider` without provider",
            why="it needs `cryptomb` or `qat`",
            help="add one of them, or remove it",
        )
    for name, method in (("cryptomb", provider.cryptomb), ("qat", provider.qat)):
        if method is not None and (method.poll_delay is None or nanoseconds(method.poll_delay) == 0):
            yield fault(
                method,
                "poll_delay",
                what=f"`{name}` without `pollDelay`" if method.poll_delay is None else f"`pollDelay` 0 of `{name}`",
                why="it is required and not 0",
                help="write a duration such as `0.01s`",
            )


def px_connection(settings: ConnectionSettings) -> Faults:
    """Rows px-conn-nonneg, px-conn-positive, px-conn-window; since 1.31."""
    for attribute in (*_SIZES, *_DURATIONS):
        value = getattr(settings, attribute)
        length = nanoseconds(value) if isinstance(value, str) else value
        if length is not None and length < 0:
            yield _out_of_bounds(settings, attribute, "it is negative")
    for attribute in _LIMITS:
        value = getattr(settings, attribute)
        if value is not None and value <= 0:
            yield _out_of_bounds(settings, attribute, "it is not above 0")
    for attribute in _WINDOWS:
        value = getattr(settings, attribute)
        if value is not None and value < _SMALLEST_WINDOW:
            yield _out_of_bounds(settings, attribute, f"the smallest window is {_SMALLEST_WINDOW}")


def _out_of_bounds(settings: ConnectionSettings, attribute: str, why: str) -> Fault:
    return fault(
        settings,
        attribute,
        what=f"`{yaml_name(settings, attribute)}: {getattr(settings, attribute)}`",
        why=why,
        help="write a larger value, or leave it out for the default",
    )
