"""What istiod refuses in a Telemetry: reference rows te-*, in the order of the object (`ValidateTelemetry`)."""

from meshlint.api import Target
from meshlint.model.telemetry.telemetry import (
    AccessLogFilter,
    AccessLogging,
    CustomTag,
    Metrics,
    MetricSelector,
    TelemetrySpec,
    Tracing,
)
from meshlint.values.cel import cel

from ._frame import Faults, fault
from ._selection import selection


def telemetry(spec: TelemetrySpec, target: Target) -> Faults:
    """Every row."""
    yield from selection(spec, target)
    for tracing in spec.tracing or ():
        yield from te_provider_name(tracing)
        yield from te_sampling(tracing)
        yield from te_tag_name(tracing)
        for name, tag in (tracing.custom_tags or {}).items():
            yield from te_tag(name, tag)
    for metrics in spec.metrics or ():
        yield from te_provider_name(metrics)
        yield from _overrides(metrics)
    for logging in spec.access_logging or ():
        yield from te_provider_name(logging)
        if logging.filter is not None:
            yield from te_filter_cel(logging.filter)


def te_provider_name(holder: Tracing | Metrics | AccessLogging) -> Faults:
    """A provider has a name."""
    for provider in holder.providers or ():
        if not provider.name:
            yield fault(
                provider,
                "name",
                what="a provider without `name`",
                why="it names none of `extensionProviders` of the mesh config",
                help="write the name of a provider, or leave `providers` out for the default ones",
            )


def te_sampling(tracing: Tracing) -> Faults:
    """0 to 100."""
    share = tracing.random_sampling_percentage
    if share is not None and not 0 <= share <= 100:
        yield fault(
            tracing,
            "random_sampling_percentage",
            what=f"`randomSamplingPercentage: {share:g}`",
            why="it is not from 0 to 100",
            help="write a percentage, such as `10`",
        )


def te_tag_name(tracing: Tracing) -> Faults:
    """A tag has a name."""
    if "" in (tracing.custom_tags or {}):
        yield fault(
            tracing,
            "custom_tags",
            "",
            what="a tag without name",
            why="the key is empty",
            help="write the name of the tag, or remove it",
        )


def te_tag(name: str, tag: CustomTag) -> Faults:
    """Rows te-tag-literal, te-tag-header, te-tag-environment: each source of a value says which."""
    for attribute, field, example in (
        ("literal", "value", "the value"),
        ("header", "name", "the name of a header"),
        ("environment", "name", "the name of a variable"),
    ):
        source = getattr(tag, attribute)
        if source is not None and not getattr(source, field):
            yield fault(
                source,
                field,
                what=f"tag `{name}` with an empty `{attribute}`",
                why=f"`{attribute}.{field}` is missing",
                help=f"write {example}",
            )


def _overrides(metrics: Metrics) -> Faults:
    for override in metrics.overrides or ():
        if override.match is not None:
            yield from te_custom_metric(override.match)
        for name, change in (override.tag_overrides or {}).items():
            if (change.operation or "UPSERT") == "UPSERT" and not change.value:
                yield fault(
                    change,
                    what=f"tag `{name}` without `value`",
                    why="UPSERT, the default, sets the tag to something",  # row te-upsert-value
                    help='write a CEL expression, such as `value: "request.host"`, or `operation: REMOVE`',
                )
            elif change.operation == "REMOVE" and change.value:
                yield fault(
                    change,
                    "value",
                    what=f"`value` for tag `{name}`",
                    why="REMOVE takes the tag away",  # row te-remove-value
                    help="remove `value`, or write `operation: UPSERT`",
                )


def te_custom_metric(match: MetricSelector) -> Faults:
    """The name of a metric, if it is there."""
    if match.custom_metric == "":
        yield fault(
            match,
            "custom_metric",
            what="an empty `customMetric`",
            why="it names no metric",
            help="write the name of the metric, or `metric: ALL_METRICS`",
        )


def te_filter_cel(given: AccessLogFilter) -> Faults:
    """CEL that parses; names and types are not looked at, and an empty expression is none."""
    reason = cel(given.expression or "")
    if reason:
        yield fault(
            given,
            "expression",
            what=f"`{given.expression}`" if given.expression else "a `filter` without `expression`",
            why=f"it is no expression of CEL: {reason}" if given.expression else "there is nothing to decide by",
            help="write a condition in CEL, such as `response.code >= 400`",
        )
