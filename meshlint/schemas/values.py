"""What was expected of a value, in words, and what was probably meant."""

import re
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.schemas.words import FORMATS, PATTERNS, TYPES, between, listed, nearest, shown

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?\Z")
_TRUE_OR_FALSE = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


class Verdict(msgspec.Struct, frozen=True):
    """The words of a `problems.WrongValue`."""

    keyword: str
    expected: str
    nearest: str | None = None
    help: str | None = None

    @property
    def is_enum(self) -> bool:
        """Whether the value is none of a list."""
        return self.keyword == "enum"


def judge(error: "ValidationError") -> Verdict:
    """Words for an error about one value."""
    keyword, wanted, value, schema = str(error.validator), error.validator_value, error.instance, error.schema
    if keyword == "type":
        return _type(wanted, value, schema) if isinstance(wanted, str) else _types(wanted)
    if keyword in {"x-kubernetes-int-or-string", "noNull"}:
        return Verdict("type", TYPES["int-or-string"] if keyword != "noNull" else "a value", help=_null_help(value))
    if keyword == "enum":
        return _enum(wanted, value)
    if keyword == "pattern":
        return Verdict(keyword, PATTERNS.get(wanted, f"a text that matches `{wanted}`"))
    if keyword == "format":
        return Verdict(keyword, FORMATS.get(wanted, wanted))
    if keyword in {"minLength", "maxLength"}:
        return Verdict(keyword, _length(schema))
    if keyword in {"minItems", "maxItems"}:
        return Verdict(keyword, between(schema, "minItems", "maxItems", "item"))
    if keyword in {"minProperties", "maxProperties"}:
        return Verdict(keyword, between(schema, "minProperties", "maxProperties", "entry"))
    if keyword == "multipleOf":
        return Verdict(keyword, f"a multiple of {wanted}")
    if keyword == "const":
        return Verdict(keyword, f"`{shown(wanted)}`")
    if keyword in {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}:
        return Verdict(keyword, _range(schema))
    return Verdict(keyword, f"what the schema asks for ({' '.join(error.message.split())})")


def _length(schema: dict[str, Any]) -> str:
    if schema.get("minLength") == 1 and "maxLength" not in schema:
        return "a text that is not empty"
    return between(schema, "minLength", "maxLength", "character")


def _range(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    lower = f"at least {low}" if low is not None else f"more than {over}" if over is not None else ""
    upper = f"at most {high}" if high is not None else f"less than {under}" if under is not None else ""
    if low is not None and high is not None:
        return f"a number from {low} to {high}"
    return (
        " and ".join(filter(None, ("a number of " + lower if lower else "", upper)))
        if lower
        else f"a number of {upper}"
    )


def _enum(allowed: list[Any], value: Any) -> Verdict:
    texts = [item for item in allowed if isinstance(item, str)]
    meant = nearest(value, texts) if isinstance(value, str) else None
    if value is True or value is False:
        switches = {True: ("ON", "YES", "TRUE"), False: ("OFF", "NO", "FALSE")}[value]
        meant = next((f'"{text}"' for text in texts if text.upper() in switches), None)
    choice = listed(shown(item) for item in allowed)
    return Verdict("enum", choice if len(allowed) == 1 else f"one of {choice}", meant)


def _type(wanted: str, value: Any, schema: dict[str, Any]) -> Verdict:
    expected = TYPES.get(wanted, wanted)
    if value is None:
        return Verdict("type", expected, help=_null_help(value))
    if wanted == "string":
        return _text(expected, value, schema)
    if wanted in {"integer", "number"}:
        return _number(wanted, expected, value)
    if wanted == "boolean":
        meant = _TRUE_OR_FALSE.get(value.lower()) if isinstance(value, str) else None
        return Verdict("type", expected, meant, "remove the quotes" if meant == value else None)
    if wanted == "array":
        return _list(expected, value, schema)
    return Verdict("type", expected, help=_mapping_help(value, schema))


def _types(wanted: list[str]) -> Verdict:
    names = [TYPES.get(kind, "null") for kind in wanted]
    return Verdict("type", " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names))


def _null_help(value: Any) -> str | None:
    return "the value is missing: give one, or remove the item" if value is None else None


def _text(expected: str, value: Any, schema: dict[str, Any]) -> Verdict:
    if "enum" in schema:
        return _enum_of_text(schema["enum"], value)
    if type(value) is int and _is_duration(schema):
        return Verdict("type", "a duration such as `10s`", f"{value}s", "write the unit")
    if isinstance(value, (bool, int, float)):
        return Verdict("type", expected, f'"{shown(value)}"', "put it into quotes")
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return Verdict("type", expected, value[0], "remove the list around it")
    return Verdict("type", expected)


def _is_duration(schema: dict[str, Any]) -> bool:
    """Whether a field of texts holds durations: by a rule of Istio, or by the pattern of the Gateway API."""
    rules = schema.get("x-kubernetes-validations", ())
    return any("duration(self)" in rule["rule"] for rule in rules) or "h|m|s|ms" in schema.get("pattern", "")


def _enum_of_text(allowed: list[Any], value: Any) -> Verdict:
    verdict = _enum(allowed, value)
    return Verdict("type", verdict.expected, verdict.nearest, "put it into quotes" if verdict.nearest else None)


def _number(wanted: str, expected: str, value: Any) -> Verdict:
    pattern = _WHOLE if wanted == "integer" else _NUMBER
    if isinstance(value, str) and pattern.match(value.strip()):
        return Verdict("type", expected, value.strip().lstrip("+"), "remove the quotes")
    if isinstance(value, int) and not isinstance(value, bool):
        return Verdict("type", "a whole number of at most 64 bits")
    return Verdict("type", expected)


def _list(expected: str, value: Any, schema: dict[str, Any]) -> Verdict:
    if isinstance(value, dict):
        return Verdict("type", expected, help="begin the first line of the item with `- `")
    items = schema.get("items", {}).get("type")
    fits: dict[str, tuple[type, ...]] = {
        "string": (str,),
        "integer": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    if isinstance(value, fits.get(items, ())):
        return Verdict("type", expected, f"[{shown(value)}]", "write a list, even of one item")
    return Verdict("type", expected)


def _mapping_help(value: Any, schema: dict[str, Any]) -> str | None:
    if isinstance(value, list):
        return "remove the `- ` before its fields" if len(value) == 1 else None
    names = list(schema.get("properties", ()))
    return f"its fields are {listed(names[:6], 'and')}" if names and len(names) <= 6 else None


def alternatives(error: "ValidationError") -> str:
    """A sentence about a junctor of a user's schema."""
    count = len(error.validator_value) if isinstance(error.validator_value, list) else 1
    if error.validator == "not":
        return "the schema excludes this combination of fields or values"
    if error.validator == "oneOf" and not error.context:
        return f"this fits several of the {count} forms that the schema allows, but must fit exactly one"
    needs = sorted({item.message for item in error.context or () if item.validator == "required"})
    wanted = f": it lacks {listed(needs)}" if needs else ""
    return f"this fits none of the {count} forms that the schema allows{wanted}"
