"""Keys of an IstioOperator that `istioctl` does not know, and refuses.

The fields are those of `operator/pkg/apis/types.go` of istio/istio, 1.24 to 1.31. Go's JSON decoder
takes names of any case, so another case is no unknown key. What is Kubernetes' own below `k8s`, and
Helm values, are left alone.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.findings import Part, Path, Spot
from meshlint.problems import UnknownSetting
from meshlint.schemas.words import dotted
from meshlint.suggest import nearest


class _Level(msgspec.Struct, frozen=True):
    """The fields of an object, and what is known of some of those that hold objects, or lists of them."""

    fields: tuple[str, ...]
    below: dict[str, "_Level"] = {}


_PATCH = _Level(("path", "value"))
_OVERLAY = _Level(("apiVersion", "kind", "name", "patches"), {"patches": _PATCH})
_KUBERNETES = _Level(
    (
        *("affinity", "env", "hpaSpec", "imagePullPolicy", "nodeSelector", "podDisruptionBudget", "podAnnotations"),
        *("priorityClassName", "readinessProbe", "replicaCount", "resources", "service", "strategy", "tolerations"),
        *("serviceAnnotations", "securityContext", "volumes", "volumeMounts", "overlays"),
    ),
    {"overlays": _OVERLAY},
)
_BASE = _Level(("enabled", "k8s"), {"k8s": _KUBERNETES})
_COMPONENT = _Level(("enabled", "namespace", "hub", "tag", "k8s"), {"k8s": _KUBERNETES})
_GATEWAY = _Level((*_COMPONENT.fields, "name", "label"), _COMPONENT.below)
_COMPONENTS = _Level(
    ("base", "pilot", "cni", "ztunnel", "istiodRemote", "ingressGateways", "egressGateways"),
    {
        "base": _BASE,
        **dict.fromkeys(("pilot", "cni", "ztunnel", "istiodRemote"), _COMPONENT),
        **dict.fromkeys(("ingressGateways", "egressGateways"), _GATEWAY),
    },
)
_SPEC = _Level(
    (
        *("profile", "installPackagePath", "hub", "tag", "namespace", "revision", "compatibilityVersion"),
        *("meshConfig", "components", "values", "unvalidatedValues"),
    ),
    {"components": _COMPONENTS},
)


def unknown_fields(data: dict[str, Any]) -> Iterator[UnknownSetting]:
    """Every such key below `spec`; paths are those of the document."""
    yield from _unknown(data.get("spec"), _SPEC, ("spec",), data["apiVersion"])


def _unknown(value: Any, level: _Level, path: Path, api_version: str) -> Iterator[UnknownSetting]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, level, (*path, index), api_version)
    elif isinstance(value, dict):
        known = {name.casefold() for name in level.fields}
        for key, inner in value.items():
            if key.casefold() not in known:
                yield _problem(key, value, level, (*path, key), api_version)
            elif key in level.below:
                yield from _unknown(inner, level.below[key], (*path, key), api_version)


def _problem(key: str, holder: dict[str, Any], level: _Level, path: Path, api_version: str) -> UnknownSetting:
    return UnknownSetting(
        spot=Spot(0, 0, path, Part.KEY),
        api_version=api_version,
        kind="IstioOperator",
        field=dotted(path),
        name=key,
        nearest=nearest(key, [field for field in level.fields if field not in holder]),
        elsewhere=_elsewhere(key, level),
        known=level.fields,
    )


def _elsewhere(key: str, level: _Level) -> str | None:
    """Where a field of Helm values or of a component belongs that stands one level too high."""
    if level is not _SPEC:
        return None
    if key in _COMPONENTS.fields and key != "pilot":
        return f"spec.components.{key}"
    return (
        f"spec.values.{key}" if key in {"global", "gateways", "pilot", "sidecarInjectorWebhook", "telemetry"} else None
    )
