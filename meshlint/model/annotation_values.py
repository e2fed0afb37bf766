"""Which values Istio understands in its annotations and labels, and what it makes of others.

Only keys whose values Istio checks nowhere else: what the injector refuses (ports, address ranges,
quantities and the like of pods) and what the webhook refuses is the business of `meshlint.values`.
What is free text (names, revisions, images) is not here. From istio/istio 1.31: pkg/kube/inject
(`injectRequired`, the templates), pilot/pkg/model and pilot/pkg/serviceregistry.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from meshlint.values.durations import nanoseconds
from meshlint.values.hosts import label
from meshlint.values.numbers import go_bool


class Form(msgspec.Struct, frozen=True):
    """What a value must be, in words and as a test; and what happens to one that is something else."""

    expected: str
    fits: Callable[[str], bool]
    effect: str


def _one_of(*names: str, effect: str) -> Form:
    words = [f"`{name}`" for name in names]
    return Form(" or ".join([", ".join(words[:-1]), words[-1]]), frozenset(names).__contains__, effect)


def _any_case(*names: str, effect: str) -> Form:
    form = _one_of(*names, effect=effect)
    folded = frozenset(name.lower() for name in names)
    return Form(form.expected, lambda value: value.lower() in folded, effect)


_YES_OR_NO = frozenset({"y", "yes", "true", "on", "n", "no", "false", "off", ""})
_ENVOY_LEVELS = ("trace", "debug", "info", "warning", "error", "critical", "off")
_LEVEL = f"(?:{'|'.join((*_ENVOY_LEVELS, 'warn'))})"
# Patterns are text and compiled when first used: a run needs few of them.
_COMPONENTS = rf"[a-z0-9_]+:{_LEVEL}(?:,[a-z0-9_]+:{_LEVEL})*\Z"
_DIGITS = r"[0-9]{1,5}\Z"


def _is_go_bool(value: str) -> bool:
    return go_bool(value) is not None


def _is_port(value: str) -> bool:
    return bool(re.match(_DIGITS, value)) and 0 < int(value) <= 65535


def _are_ports(value: str) -> bool:
    return all(_is_port(port.strip()) for port in value.split(","))


def _is_export(value: str) -> bool:
    entries = [entry.strip() for entry in value.split(",")]
    return all(entry in {".", "*", "~", ""} or label(entry) is None for entry in entries)


def _is_json(value: str, *kinds: type) -> bool:
    try:
        return isinstance(msgspec.json.decode(value), kinds)
    except msgspec.DecodeError:
        return False


def _are_buckets(value: str) -> bool:
    try:
        msgspec.json.decode(value, type=dict[str, list[float]])
    except msgspec.DecodeError:
        return False
    return True


def _is_duration(value: str) -> bool:
    return nanoseconds(value) is not None


_INJECT = Form("`true` or `false`", lambda value: value.lower() in _YES_OR_NO, "Istio takes it for `false`")
_LEVELS = _any_case(*_ENVOY_LEVELS, effect="Envoy does not start")
_DURATION = Form("a duration such as `10s`", _is_duration, "Istio cannot read it")
_VOLUMES = Form("a list or a mapping, as JSON", lambda value: _is_json(value, list, dict), "no volume is added")

ANNOTATION_FORMS: Mapping[str, Form] = {
    "ambient.istio.io/bypass-inbound-capture": _one_of("true", "false", effect="it is taken for `false`"),
    "networking.istio.io/exportTo": Form(
        "`.`, `*`, `~` or names of namespaces, with commas between them",
        _is_export,
        "what is none of them names a namespace that cannot exist",
    ),
    "networking.istio.io/traffic-distribution": _any_case(
        "PreferSameZone", "PreferSameNode", "PreferClose", "Any", effect="traffic goes to any endpoint"
    ),
    "sidecar.istio.io/componentLogLevel": Form(
        f"`component:level`, with commas between them, and levels {', '.join(_ENVOY_LEVELS)}",
        lambda value: not value or bool(re.match(_COMPONENTS, value)),
        "Envoy does not start",
    ),
    "sidecar.istio.io/inject": _INJECT,
    "sidecar.istio.io/logLevel": Form(
        _LEVELS.expected, lambda value: value == "warn" or _LEVELS.fits(value), _LEVELS.effect
    ),
    "sidecar.istio.io/nativeSidecar": _one_of("true", "false", effect="all but `false` is taken for `true`"),
    "sidecar.istio.io/rewriteAppHTTPProbers": Form("`true` or `false`", _is_go_bool, "Istio takes no notice of it"),
    "sidecar.istio.io/statsEvictionInterval": _DURATION,
    "sidecar.istio.io/statsFlushInterval": _DURATION,
    "sidecar.istio.io/statsHistogramBuckets": Form(
        "a mapping of prefixes to lists of numbers, as JSON", _are_buckets, "the buckets stay as they are"
    ),
    "sidecar.istio.io/userVolume": _VOLUMES,
    "sidecar.istio.io/userVolumeMount": _VOLUMES,
    "traffic.istio.io/nodeSelector": Form(
        "a mapping of labels, as JSON", lambda value: _is_json(value, dict), "no node is selected"
    ),
    "traffic.sidecar.istio.io/includeOutboundPorts": Form(
        "ports, with commas between them, or `*`",
        lambda value: value in {"", "*"} or _are_ports(value),
        "the rules that capture traffic cannot be written, and the pod does not start",
    ),
}

LABEL_FORMS: Mapping[str, Form] = {
    "istio-injection": _one_of("enabled", "disabled", effect="no webhook takes notice of it, and nothing is injected"),
    "istio.io/dataplane-mode": _one_of("ambient", "none", effect="it does nothing"),
    "istio.io/ingress-use-waypoint": _one_of("true", "false", effect="it is taken for `false`"),
    "istio.io/waypoint-for": _one_of(
        "service", "workload", "all", "none", effect="the waypoint takes part in no traffic"
    ),
    "networking.istio.io/gatewayPort": Form("a port", _is_port, "the default port 15443 is used"),
    "sidecar.istio.io/inject": _INJECT,
}
