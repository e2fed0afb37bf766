"""Texts in mesh config that istiod cannot decode: names that are none of a list, and what is no duration.

For Kubernetes' resources the CRDs check that; mesh config has no schema, and one such text makes
istiod refuse the whole of it (`protomarshal.ApplyYAML`). The lists are those of `mesh/v1alpha1` of
istio/api, of its newest release.
"""

from collections.abc import Iterator, Mapping

import msgspec

from meshlint.model.mesh_config.extension_providers import OpenTelemetryTracingProvider, ZipkinTracingProvider
from meshlint.model.mesh_config.mesh_config import (
    InboundTrafficPolicy,
    MeshConfigSpec,
    MeshOutboundTrafficPolicy,
    ProxyPathNormalization,
    ServiceEntryPolicy,
    ServiceEntryVisibility,
    ServiceScopeConfigs,
    TLSConfig,
)
from meshlint.model.mesh_config.proxy_config import (
    ConnectionSettings,
    MeshProxyConfig,
    MetadataExchangeHeaders,
    ProxyHeaders,
    Topology,
)
from meshlint.values.durations import nanoseconds

from ._frame import Faults, fault, yaml_name

_VISIBILITY = ("VISIBILITY_UNSPECIFIED", "NONE", "NAMESPACE", "PUBLIC")
_CLIENT_CERT = ("UNDEFINED", "SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY")
_NAMES: Mapping[type[msgspec.Struct], Mapping[str, tuple[str, ...]]] = {
    MeshConfigSpec: {
        "ingress_controller_mode": ("UNSPECIFIED", "OFF", "DEFAULT", "STRICT"),
        "access_log_encoding": ("TEXT", "JSON"),
        "h2_upgrade_policy": ("DO_NOT_UPGRADE", "UPGRADE"),
    },
    MeshOutboundTrafficPolicy: {"mode": ("REGISTRY_ONLY", "ALLOW_ANY", "ALLOW_ANY_DYNAMIC_DNS")},
    InboundTrafficPolicy: {"mode": ("PASSTHROUGH", "LOCALHOST")},
    ServiceScopeConfigs: {"scope": ("LOCAL", "GLOBAL")},
    ProxyPathNormalization: {"normalization": ("DEFAULT", "NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES")},
    TLSConfig: {"min_protocol_version": ("TLS_AUTO", "TLSV1_2", "TLSV1_3")},
    ServiceEntryVisibility: {"default_visibility": _VISIBILITY},
    ServiceEntryPolicy: {"visibility": _VISIBILITY},
    ZipkinTracingProvider: {"trace_context_option": ("USE_B3", "USE_B3_WITH_W3C_PROPAGATION")},
    OpenTelemetryTracingProvider: {"service_attribute_enrichment": ("ISTIO_CANONICAL", "OTEL_SEMANTIC_CONVENTIONS")},
    MeshProxyConfig: {
        "tracing_service_name": ("APP_LABEL_AND_NAMESPACE", "CANONICAL_NAME_ONLY", "CANONICAL_NAME_AND_NAMESPACE"),
        "interception_mode": ("REDIRECT", "TPROXY", "NONE"),
    },
    Topology: {"forward_client_cert_details": _CLIENT_CERT},
    ProxyHeaders: {"forwarded_client_cert": _CLIENT_CERT},
    MetadataExchangeHeaders: {"mode": ("UNDEFINED", "IN_MESH")},
    ConnectionSettings: {
        "profile": ("SIDECAR", "EDGE"),
        "http_headers_with_underscores_action": (
            "HEADERS_WITH_UNDERSCORES_UNSPECIFIED",
            "HEADERS_WITH_UNDERSCORES_ALLOW",
            "HEADERS_WITH_UNDERSCORES_REJECT_REQUEST",
            "HEADERS_WITH_UNDERSCORES_DROP_HEADER",
        ),
        "http_path_with_escaped_slashes_action": (
            "PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED",
            "KEEP_UNCHANGED",
            "REJECT_REQUEST",
            "UNESCAPE_AND_REDIRECT",
            "UNESCAPE_AND_FORWARD",
        ),
    },
}
_DURATIONS = frozenset(
    {"connect_timeout", "hbone_idle_timeout", "protocol_detection_timeout", "dns_refresh_rate", "request_timeout"}
    | {"timeout", "poll_delay", "drain_duration", "discovery_refresh_delay", "termination_drain_duration"}
    | {"file_flush_interval", "http_idle_timeout", "http_max_connection_duration", "http_drain_timeout"}
    | {"http_request_timeout", "http_request_headers_timeout", "http_stream_idle_timeout", "http_max_stream_duration"}
    | {"idle_timeout", "interval", "base_ejection_time", "max_connection_duration", "time", "per_try_timeout"}
)
"""Every duration of mesh config and of what it shares with DestinationRules; no other field has such a name."""


def undecodable(message: msgspec.Struct) -> Faults:
    """Every text in a message, and in those inside it, that does not decode."""
    for holder in _messages(message):
        for attribute, names in _NAMES.get(type(holder), {}).items():
            yield from mc_name(holder, attribute, names)
        for attribute in _DURATIONS.intersection(holder.__struct_fields__):
            yield from mc_duration(holder, attribute)


def mc_name(holder: msgspec.Struct, attribute: str, names: tuple[str, ...]) -> Faults:
    """One of a list of names."""
    value = getattr(holder, attribute)
    if value is not None and value not in names:
        yield fault(
            holder,
            attribute,
            what=f"`{yaml_name(holder, attribute)}: {value}`",
            why="it is none of the names that the field may have",
            help=f"write one of {', '.join(names)}",
        )


def mc_duration(holder: msgspec.Struct, attribute: str) -> Faults:
    """A duration of Go."""
    value = getattr(holder, attribute)
    if isinstance(value, str) and nanoseconds(value) is None:
        yield fault(
            holder,
            attribute,
            what=f"`{yaml_name(holder, attribute)}: {value}`",
            why="it is no duration",
            help="write a number and a unit, such as `10s` or `500ms`",
        )


def _messages(message: msgspec.Struct) -> Iterator[msgspec.Struct]:
    """The message and all inside it."""
    yield message
    for attribute in message.__struct_fields__:
        value = getattr(message, attribute)
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        for item in inside:
            if isinstance(item, msgspec.Struct):
                yield from _messages(item)
