"""Extension providers of mesh config: the services that policies and telemetry refer to by name."""

from typing import Any

import msgspec

from meshlint.model.base import Message
from meshlint.model.selection import Duration


class ExternalAuthorizationRequestBody(Message, frozen=True):
    """Whether and how the body is sent to the authorizer."""

    max_request_bytes: int | None = None
    """Bytes; a longer body is answered with 413 unless `allow_partial_message`."""
    allow_partial_message: bool | None = None
    pack_as_bytes: bool | None = None
    """For gRPC only."""


class ExternalAuthorizationHttpProvider(Message, frozen=True):
    """An authorizer that speaks HTTP."""

    service: str | None = None
    """`host`, or `namespace/host` of a Service or ServiceEntry."""
    port: int | None = None
    timeout: Duration | None = None
    """600 s if absent."""
    path_prefix: str | None = None
    fail_open: bool | None = None
    """True lets requests through while the authorizer is down."""
    clear_route_cache: bool | None = None
    status_on_error: str | None = None
    """403 if absent."""
    include_headers_in_check: tuple[str, ...] | None = None
    """Deprecated in favour of `include_request_headers_in_check`."""
    include_request_headers_in_check: tuple[str, ...] | None = None
    include_additional_headers_in_check: dict[str, str] | None = None
    include_request_body_in_check: ExternalAuthorizationRequestBody | None = None
    headers_to_upstream_on_allow: tuple[str, ...] | None = None
    headers_to_downstream_on_deny: tuple[str, ...] | None = None
    headers_to_downstream_on_allow: tuple[str, ...] | None = None


class ExternalAuthorizationGrpcProvider(Message, frozen=True):
    """An authorizer that speaks Envoy's gRPC protocol."""

    service: str | None = None
    """`host`, or `namespace/host` of a Service or ServiceEntry."""
    port: int | None = None
    timeout: Duration | None = None
    """600 s if absent."""
    fail_open: bool | None = None
    """True lets requests through while the authorizer is down."""
    clear_route_cache: bool | None = None
    status_on_error: str | None = None
    """403 if absent."""
    include_request_body_in_check: ExternalAuthorizationRequestBody | None = None


class HttpHeader(Message, frozen=True):
    """A header that is sent along: `value`, or the environment variable `env_name` of the proxy."""

    name: str | None = None
    value: str | None = None
    env_name: str | None = None


class ZipkinTracingProvider(Message, frozen=True):
    """A collector that takes Zipkin's format."""

    service: str | None = None
    port: int | None = None
    max_tag_length: int | None = None
    enable_64bit_trace_id: bool | None = msgspec.field(name="enable64bitTraceId", default=None)
    path: str | None = None
    trace_context_option: str | None = None
    """`USE_B3` (the default) or `USE_B3_WITH_W3C_PROPAGATION`."""
    timeout: Duration | None = None
    headers: tuple[HttpHeader, ...] | None = None


class LightstepTracingProvider(Message, frozen=True):
    """Deprecated in favour of `opentelemetry`."""

    service: str | None = None
    port: int | None = None
    access_token: str | None = None
    max_tag_length: int | None = None


class DatadogTracingProvider(Message, frozen=True):
    """A Datadog agent."""

    service: str | None = None
    port: int | None = None
    max_tag_length: int | None = None


class SkyWalkingTracingProvider(Message, frozen=True):
    """A SkyWalking receiver."""

    service: str | None = None
    port: int | None = None
    access_token: str | None = None


class StackdriverLogging(Message, frozen=True):
    """Labels of log entries."""

    labels: dict[str, str] | None = None
    """CEL expressions by name."""


class StackdriverProvider(Message, frozen=True):
    """Google's operations suite."""

    debug: bool | None = None
    """Deprecated, like the three limits."""
    max_number_of_attributes: int | str | None = None
    max_number_of_annotations: int | str | None = None
    max_number_of_message_events: int | str | None = None
    max_tag_length: int | None = None
    logging: StackdriverLogging | None = None


class OpenCensusAgentTracingProvider(Message, frozen=True):
    """Deprecated in favour of `opentelemetry`."""

    service: str | None = None
    port: int | None = None
    context: tuple[str, ...] | None = None
    max_tag_length: int | None = None


class EmptyProvider(Message, frozen=True):
    """A provider or detector without settings: that it is written says all."""


class LogFormat(Message, frozen=True):
    """A format of log lines: a text, or JSON by name."""

    text: str | None = None
    labels: Any = None


class EnvoyFileAccessLogProvider(Message, frozen=True):
    """Access logs to a file."""

    path: str | None = None
    """`/dev/stdout`, say."""
    log_format: LogFormat | None = None
    omit_empty_values: bool | None = None


class EnvoyHttpGrpcV3LogProvider(Message, frozen=True):
    """Access logs of HTTP to Envoy's gRPC service."""

    service: str | None = None
    port: int | None = None
    log_name: str | None = None
    filter_state_objects_to_log: tuple[str, ...] | None = None
    additional_request_headers_to_log: tuple[str, ...] | None = None
    additional_response_headers_to_log: tuple[str, ...] | None = None
    additional_response_trailers_to_log: tuple[str, ...] | None = None


class EnvoyTcpGrpcV3LogProvider(Message, frozen=True):
    """Access logs of TCP to Envoy's gRPC service."""

    service: str | None = None
    port: int | None = None
    log_name: str | None = None
    filter_state_objects_to_log: tuple[str, ...] | None = None


class EnvoyOpenTelemetryLogProvider(Message, frozen=True):
    """Access logs to an OpenTelemetry collector."""

    service: str | None = None
    port: int | None = None
    log_name: str | None = None
    log_format: LogFormat | None = None


class HttpService(Message, frozen=True):
    """Export over HTTP."""

    path: str | None = None
    timeout: Duration | None = None
    headers: tuple[HttpHeader, ...] | None = None


class GrpcService(Message, frozen=True):
    """Export over gRPC."""

    timeout: Duration | None = None
    initial_metadata: tuple[HttpHeader, ...] | None = None


class ResourceDetectors(Message, frozen=True):
    """Where attributes of the resource come from."""

    environment: EmptyProvider | None = None
    dynatrace: EmptyProvider | None = None


class DynatraceApi(Message, frozen=True):
    """Dynatrace's API."""

    service: str | None = None
    port: int | None = None
    http: HttpService | None = None


class DynatraceSampler(Message, frozen=True):
    """Sampling as Dynatrace does it."""

    tenant: str | None = None
    cluster_id: int | None = None
    root_spans_per_minute: int | None = None
    http_service: DynatraceApi | None = None


class OpenTelemetryTracingProvider(Message, frozen=True):
    """An OpenTelemetry collector; gRPC unless `http` is there."""

    service: str | None = None
    port: int | None = None
    max_tag_length: int | None = None
    http: HttpService | None = None
    grpc: GrpcService | None = None
    resource_detectors: ResourceDetectors | None = None
    service_attribute_enrichment: str | None = None
    dynatrace_sampler: DynatraceSampler | None = None


class SDSProvider(Message, frozen=True):
    """A service of secrets that gateways may take certificates from."""

    name: str | None = None
    service: str | None = None
    port: int | None = None


class ExtensionProvider(Message, frozen=True):
    """A provider: its name and exactly one kind."""

    name: str | None = None
    envoy_ext_authz_http: ExternalAuthorizationHttpProvider | None = None
    envoy_ext_authz_grpc: ExternalAuthorizationGrpcProvider | None = None
    zipkin: ZipkinTracingProvider | None = None
    lightstep: LightstepTracingProvider | None = None
    datadog: DatadogTracingProvider | None = None
    stackdriver: StackdriverProvider | None = None
    opencensus: OpenCensusAgentTracingProvider | None = None
    skywalking: SkyWalkingTracingProvider | None = None
    opentelemetry: OpenTelemetryTracingProvider | None = None
    prometheus: EmptyProvider | None = None
    envoy_file_access_log: EnvoyFileAccessLogProvider | None = None
    envoy_http_als: EnvoyHttpGrpcV3LogProvider | None = None
    envoy_tcp_als: EnvoyTcpGrpcV3LogProvider | None = None
    envoy_otel_als: EnvoyOpenTelemetryLogProvider | None = None
    sds: SDSProvider | None = None
