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
_UNJUDGED = ("meshlint.model.kubernetes", "meshlint.model.mesh_config")
"""Where the models are of kinds that have no schema here."""
_OPERATOR_LEFT_OUT = (("spec", "meshConfig"), ("spec", "tag"))
_MESSAGE = re.compile(r"Expected `([^`]+)`, got `[^`]+`(?: - at `\$(.*)`)?")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[(\.\.\.)\]")

_BOOLEANS = {"true": {"true", "yes", "on", "y", "1"}, "false": {"false", "no", "off", "n", "0"}}
"""What people write for a boolean, by what it should be."""
_ENUMS = frozenset(
    {"accessLogEncoding", "context", "controlPlaneAuthPolicy", "defaultVisibility", "forwardClientCertDetails"}
    | {"forwardedClientCert", "h2UpgradePolicy", "httpHeadersWithUnderscoresAction", "interceptionMode", "mode"}
    | {"httpPathWithEscapedSlashesAction", "ingressControllerMode", "minProtocolVersion", "normalization", "profile"}
    | {"scope", "serviceAttributeEnrichment", "subscribedResources", "traceContextOption", "tracingServiceName"}
    | {"visibility"}
)
"""Fields of mesh config that hold a name out of a list; istiod takes its number too."""


def wrong_types(data: dict[str, Any]) -> Iterator[WrongValue]:
    """The first value of a document of Kubernetes' own kinds that its type does not allow, or of an IstioOperator.

    None for other kinds. Of an IstioOperator, mesh config is judged for itself, and a tag may be anything.
    """
    found = kind_class(data["apiVersion"], data["kind"])
    if found is None or not found.__module__.startswith(_UNJUDGED):
        return
    for problem in _wrong(data, found, data["apiVersion"], data["kind"], strict=True):
        if data["kind"] != "IstioOperator" or problem.spot.path[:2] not in _OPERATOR_LEFT_OUT:
            yield problem


def wrong_settings(kind: str, content: dict[str, Any]) -> Iterator[WrongValue]:
    """The values of mesh config or mesh networks that istiod cannot decode; paths are relative to it."""
    from meshlint.model.mesh_config.mesh_config import API_VERSION, MeshConfigSpec
    from meshlint.model.mesh_config.mesh_networks import MeshNetworksSpec

    message = MeshConfigSpec if kind == "MeshConfig" else MeshNetworksSpec
    yield from undecodable_values(content, message, API_VERSION, kind)


def undecodable_values(
    content: dict[str, Any], message: type[msgspec.Struct], api_version: str, kind: str
) -> Iterator[WrongValue]:
    """Of a message of mesh config: every boolean that is none, and the first value of another wrong type.

    msgspec stops at the first that it refuses itself, which may be one of the booleans.

    istiod's decoder (`jsonpb` of golang/protobuf) reads numbers in quotes, the numbers of names, and
    names of the proto, which the model does not; but no booleans in quotes, some of which msgspec reads
    where it is to be lax.
    """
    from meshlint.model.mesh_config.written import written

    seen = set()
    for setting in written(content, (message,)):
        value = setting.value
        if bool in (setting.types or ()) and isinstance(value, str | int | float) and not isinstance(value, bool):
            seen.add(setting.path)
            yield _wrong_boolean(setting.path, value, api_version, kind)
    for problem in _wrong(content, message, api_version, kind, strict=False):
        is_number = isinstance(problem.value, int) and not isinstance(problem.value, bool)
        named = next((step for step in reversed(problem.spot.path) if isinstance(step, str)), "")
        if not (is_number and named in _ENUMS) and problem.spot.path not in seen:
            yield problem


def _wrong_boolean(path: Path, value: str | float, api_version: str, kind: str) -> WrongValue:
    meant = next((word for word, names in _BOOLEANS.items() if str(value).casefold() in names), None)
    return WrongValue(
        spot=Spot(0, 0, path),
        api_version=api_version,
        kind=kind,
        field=dotted(path),
        value=value,
        expected=_WORDS["bool"],
        keyword="type",
        help=f"write `{meant}`, without quotes" if meant else None,
    )


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
