"""Why a resource is opaque that no schema judges: the value that is of the wrong type.

Istio's kinds and those of the Gateway API have schemas; of Kubernetes' own, meshlint knows the
fields that matter to a mesh, and the API server is as strict about their types. Mesh config is text to
the API server; what istiod cannot decode of it, it refuses as a whole.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.findings import Path, Spot
from meshlint.model.base import UNCONVERTIBLE
from meshlint.model.kinds import kind_class
from meshlint.problems import WrongValue
from meshlint.schemas.words import dotted

_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "array": (list,),
    "object": (dict,),
}
_MESSAGE = re.compile(r"Expected `([^`]+)`, got `[^`]+`(?: - at `\$(.*)`)?")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[(\.\.\.)\]")


_ENUMS = frozenset(
    {"accessLogEncoding", "context", "controlPlaneAuthPolicy", "defaultVisibility", "forwardClientCertDetails"}
    | {"forwardedClientCert", "h2UpgradePolicy", "httpHeadersWithUnderscoresAction", "interceptionMode", "mode"}
    | {"httpPathWithEscapedSlashesAction", "ingressControllerMode", "minProtocolVersion", "normalization", "profile"}
    | {"scope", "serviceAttributeEnrichment", "subscribedResources", "traceContextOption", "tracingServiceName"}
    | {"visibility"}
)
"""Fields of mesh config that hold a name out of a list; istiod takes its number too."""


def wrong_types(data: dict[str, Any]) -> Iterator[WrongValue]:
    """The first value of a document of Kubernetes' own kinds that its type does not allow; none for other kinds."""
    found = kind_class(data["apiVersion"], data["kind"])
    if found is not None and found.__module__.startswith("meshlint.model.kubernetes"):
        yield from _wrong(data, found, data["apiVersion"], data["kind"], strict=True)


def wrong_settings(kind: str, content: dict[str, Any]) -> Iterator[WrongValue]:
    """The first value of mesh config or mesh networks that istiod cannot decode; the path is relative to it.

    istiod's decoder is laxer than the model: it reads numbers in quotes, and names of the proto.
    """
    from meshlint.model.mesh_config.mesh_config import API_VERSION, MeshConfigSpec
    from meshlint.model.mesh_config.mesh_networks import MeshNetworksSpec

    message = MeshConfigSpec if kind == "MeshConfig" else MeshNetworksSpec
    for problem in _wrong(content, message, API_VERSION, kind, strict=False):
        is_number = isinstance(problem.value, int) and not isinstance(problem.value, bool)
        named = next((step for step in reversed(problem.spot.path) if isinstance(step, str)), "")
        if not (is_number and named in _ENUMS):
            yield problem


def _wrong(
    data: dict[str, Any], message: type[msgspec.Struct], api_version: str, kind: str, *, strict: bool
) -> Iterator[WrongValue]:
    try:
        msgspec.convert(data, message, strict=strict)
    except msgspec.ValidationError as error:
        match = _MESSAGE.match(str(error))
        if match is not None:
            wanted = match[1].split(" | ")
            path, value = _find(data, match[2] or "", wanted)
            yield WrongValue(
                spot=Spot(0, 0, path),
                api_version=api_version,
                kind=kind,
                field=dotted(path),
                value=value,
                expected=" or ".join(_WORDS[name] for name in wanted if name in _WORDS) or "something else",
                keyword="type",
                nearest=_nearest(value, wanted) if strict else None,
            )
    except UNCONVERTIBLE:
        return


def _find(data: Any, steps: str, wanted: list[str]) -> tuple[Path, Any]:
    """The path that a message of msgspec names, and the value there. `[...]` is some entry of a map: the one of another type."""
    path: list[str | int] = []
    for name, index, entry in _STEP.findall(steps):
        if entry:
            step: str | int = next((key for key, value in data.items() if not _is(value, wanted)), next(iter(data)))
        else:
            step = int(index) if index else name
        path.append(step)
        data = data[step]
    return tuple(path), data


def _is(value: Any, wanted: list[str]) -> bool:
    if isinstance(value, bool):
        return "bool" in wanted
    return any(isinstance(value, _TYPES[name]) for name in wanted if name in _TYPES)


def _nearest(value: Any, wanted: list[str]) -> str | None:
    """The value as it should be written, where only quotes are wrong."""
    if "str" in wanted and isinstance(value, bool | int | float):
        return f'"{str(value).lower()}"' if isinstance(value, bool) else f'"{value}"'
    if "int" in wanted and isinstance(value, str) and value.isdecimal():
        return value
    return None
