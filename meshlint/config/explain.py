"""What is wrong with the form of a configuration: the JSON Schema's errors in words, each at its field.

Imported only for a configuration that does not convert.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from meshlint._bundled import folder
from meshlint.config.flaws import Flaw
from meshlint.findings import Part, Path
from meshlint.suggest import nearest

_TYPES = {
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "nothing",
}
_EXAMPLES = {"paths": "[manifests]", "exclude": '["**/generated/"]', "rules": "{ML204: {severity: warning}}"}


def shipped() -> dict[str, Any]:
    """The schema of the whole file, as editors get it."""
    with open(os.path.join(folder("schemas"), "config.json"), "rb") as file:
        return msgspec.json.decode(file.read(), type=dict[str, Any])


def explain(data: Any, otherwise: str, schema: Mapping[str, Any] | None = None, at: Path = ()) -> list[Flaw]:
    """Every flaw of `data`, which stands at the path `at` of the file; `otherwise` is said if the schema sees none."""
    from jsonschema import Draft202012Validator

    errors = list(Draft202012Validator(schema or shipped()).iter_errors(data))
    mistyped = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    return [
        flaw
        for error in errors
        if error.validator == "type" or tuple(error.absolute_path) not in mistyped
        for flaw in _flaws(error, at)
    ] or [Flaw(otherwise, path=at)]


def _flaws(error: Any, at: Path) -> Iterator[Flaw]:
    path: Path = (*at, *error.absolute_path)
    if error.validator == "additionalProperties" and error.schema.get("additionalProperties") is False:
        yield from _unknown_keys(error, path)
    elif error.validator == "type":
        yield _wrong_type(error, path)
    elif error.validator == "enum":
        yield _no_choice(error, path)
    elif error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        yield Flaw(f"`{missing}` is missing here", f"add `{missing}:`", path, Part.KEY)
    elif error.validator in {"anyOf", "minimum", "maximum"}:
        yield Flaw(f"expected {_expected(error.schema)}, this is {_shown(error.instance)}", path=path)
    else:
        yield Flaw(error.message, path=path)


def _unknown_keys(error: Any, path: Path) -> Iterator[Flaw]:
    known = list(error.schema.get("properties", ()))
    for key in error.instance:
        if key in known:
            continue
        near = nearest(str(key).replace("_", "-"), known) or (str(key).replace("_", "-") in known and key)
        advice = f"did you mean `{str(near).replace('_', '-')}`?" if near else f"known are {', '.join(known)}"
        yield Flaw(f"unknown key `{key}`", advice, (*path, key), Part.KEY)


def _wrong_type(error: Any, path: Path) -> Flaw:
    wanted = error.validator_value if isinstance(error.validator_value, str) else error.validator_value[0]
    value = error.instance
    advice = None
    key = path[-1] if path else ""
    if wanted == "string" and isinstance(value, int | float):
        advice = "put it in quotes"
        if isinstance(value, float):
            advice += ": as a number it loses its last zero (1.30 is 1.3)"
    elif wanted == "array" and isinstance(value, str):
        advice = f"write `{key}: [{value}]`"
    elif key in _EXAMPLES:
        advice = f"write for example `{key}: {_EXAMPLES[str(key)]}`"
    return Flaw(f"expected {_TYPES[wanted]}, this is {_shown(value)}", advice, path)


def _no_choice(error: Any, path: Path) -> Flaw:
    choices = [str(choice) for choice in error.validator_value]
    value = error.instance
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Flaw(f"expected {_listed(choices)}, this is the number {value}", "put it in quotes", path)
    near = nearest(str(value), choices)
    advice = f"did you mean `{near}`?" if near else f"write one of {', '.join(choices)}"
    return Flaw(f"`{value}` is none of {_listed(choices)}", advice, path)


def _expected(schema: Mapping[str, Any]) -> str:
    """What a schema asks for, in words."""
    if "anyOf" in schema:
        return " or ".join(map(_expected, schema["anyOf"]))
    if "enum" in schema:
        return _listed([f"`{choice}`" for choice in schema["enum"]])
    words = _TYPES.get(str(schema.get("type")), "another value")
    least, most = schema.get("minimum"), schema.get("maximum")
    return words + (f" from {least} on" if least is not None else "") + (f" up to {most}" if most is not None else "")


def _listed(choices: list[str]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if len(choices) > 1 else choices[0]


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return _written(value)
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text `{value[:40]}`"
    return "a list" if isinstance(value, list) else "a mapping"
