"""Telemetry: what proxies measure, trace and log."""

from typing import Any

from meshlint.model.base import Message
from meshlint.model.selection import Duration, PolicyTargetReference, Selecting, WorkloadSelector, targets_of


class ProviderRef(Message, frozen=True):
    """A provider: a name of mesh config's `extensionProviders`, or a built-in one such as `prometheus`."""

    name: str | None = None


class TracingSelector(Message, frozen=True):
    """Which side of a call is meant."""

    mode: str | None = None
    """`CLIENT_AND_SERVER` (the default), `CLIENT` or `SERVER`."""


class LiteralTag(Message, frozen=True):
    """A tag of a fixed value."""

    value: str | None = None


class EnvironmentTag(Message, frozen=True):
    """A tag from an environment variable of the proxy."""

    name: str | None = None
    default_value: str | None = None


class RequestHeaderTag(Message, frozen=True):
    """A tag from a header of the request."""

    name: str | None = None
    default_value: str | None = None


class FormatterTag(Message, frozen=True):
    """A tag from a format string of Envoy's access log."""

    value: str | None = None


class CustomTag(Message, frozen=True):
    """A tag of every span: exactly one of the sources."""

    literal: LiteralTag | None = None
    environment: EnvironmentTag | None = None
    header: RequestHeaderTag | None = None
    formatter: FormatterTag | None = None


class Tracing(Message, frozen=True):
    """Settings of traces."""

    match: TracingSelector | None = None
    providers: tuple[ProviderRef, ...] | None = None
    """At most one; absent: inherited, at last from mesh config's `defaultProviders`."""
    random_sampling_percentage: float | None = None
    """0 to 100; absent: inherited, at last 1 from mesh config."""
    disable_span_reporting: bool | None = None
    disable_context_propagation: bool | None = None
    custom_tags: dict[str, CustomTag] | None = None
    """Replaces the inherited tags as a whole."""
    use_request_id_for_trace_sampling: bool | None = None
    enable_istio_tags: bool | None = None


class MetricSelector(Message, frozen=True):
    """Which metric, and which side of a call."""

    metric: str | None = None
    """`ALL_METRICS`, `REQUEST_COUNT`, `REQUEST_DURATION` ..."""
    custom_metric: str | None = None
    """A name; instead of `metric`."""
    mode: str | None = None
    """`CLIENT_AND_SERVER` (the default), `CLIENT` or `SERVER`."""


class TagOverride(Message, frozen=True):
    """A change of one tag of a metric."""

    operation: str | None = None
    """`UPSERT` (the default) or `REMOVE`."""
    value: str | None = None
    """A CEL expression on the attributes of the request; for `UPSERT` only."""


class MetricsOverrides(Message, frozen=True):
    """A change of some metrics."""

    match: MetricSelector | None = None
    """Absent: all metrics, both sides."""
    disabled: bool | None = None
    tag_overrides: dict[str, TagOverride] | None = None


class Metrics(Message, frozen=True):
    """Settings of metrics."""

    providers: tuple[ProviderRef, ...] | None = None
    overrides: tuple[MetricsOverrides, ...] | None = None
    """In order; later ones win."""
    reporting_interval: Duration | None = None
    """Of TCP metrics of open connections; 5 s if absent."""


class LogSelector(Message, frozen=True):
    """Which side of a call is meant."""

    mode: str | None = None
    """`CLIENT_AND_SERVER` (the default), `CLIENT` or `SERVER`."""


class AccessLogFilter(Message, frozen=True):
    """Which requests are logged."""

    expression: str | None = None
    """CEL, for example `response.code >= 400`."""


class AccessLogging(Message, frozen=True):
    """Settings of access logs."""

    match: LogSelector | None = None
    providers: tuple[ProviderRef, ...] | None = None
    disabled: bool | None = None
    filter: AccessLogFilter | None = None


class TelemetrySpec(Message, frozen=True):
    """What a Telemetry says. Workload settings win over the namespace's, these over the root namespace's."""

    selector: WorkloadSelector | None = None
    """Absent: the namespace, or in the root namespace the mesh. Two of one namespace without it: the older wins."""
    target_ref: PolicyTargetReference | None = None
    """The singular form of `target_refs`."""
    target_refs: tuple[PolicyTargetReference, ...] | None = None
    tracing: tuple[Tracing, ...] | None = None
    metrics: tuple[Metrics, ...] | None = None
    access_logging: tuple[AccessLogging, ...] | None = None

    @property
    def targets(self) -> tuple[PolicyTargetReference, ...]:
        """`target_ref` and `target_refs` together."""
        return targets_of(self.target_ref, self.target_refs)


class Telemetry(Selecting, frozen=True):
    """Sets what proxies measure, trace and log."""

    spec: TelemetrySpec | None = None
    status: Any = None
