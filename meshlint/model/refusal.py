"""Why a resource of Kubernetes' own kinds is opaque: the value that is of the wrong type.

Istio's kinds and those of the Gateway API have schemas; of Kubernetes' own, meshlint knows the
fields that matter to a mesh, and the API server is as strict about their types.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.findings import Path, Spot
from meshlint.model.base import UNCONVERTIBLE
from meshlint.model.kinds import kind_class
from meshlint.problems import WrongValue

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


def wrong_types(data: dict[str, Any]) -> Iterator[WrongValue]:
    """The first value of a document of Kubernetes' own kinds that its type does not allow; none for other kinds."""
    found = kind_class(data["apiVersion"], data["kind"])
    if found is None or not found.__module__.startswith("meshlint.model.kubernetes"):
        return
    try:
        msgspec.convert(data, found)
    except msgspec.ValidationError as error:
        match = _MESSAGE.match(str(error))
        if match is not None:
            wanted = match[1].split(" | ")
            path, value = _find(data, match[2] or "", wanted)
            yield WrongValue(
                spot=Spot(0, 0, path),
                api_version=data["apiVersion"],
                kind=data["kind"],
                field=_text(path),
                value=value,
                expected=" or ".join(_WORDS[name] for name in wanted if name in _WORDS) or "something else",
                keyword="type",
                nearest=_nearest(value, wanted),
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


def _text(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
