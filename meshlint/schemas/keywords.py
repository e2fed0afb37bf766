"""JSON Schema validators that mean what the API server means, built on `jsonschema`.

Imported only where a document has been refused (and in tests, where they are the gate's oracle):
importing jsonschema takes longer than judging a thousand documents.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import create, extend

from meshlint.schemas import gate, golang
from meshlint.schemas.catalog import Entry
from meshlint.schemas.cel import CelSyntaxError, compile_rule
from meshlint.schemas.crd import Node
from meshlint.schemas.formats import FORMATS
from meshlint.schemas.pool import Pool, Ref

Errors = Iterator[ValidationError]


@cache
def expanded(entry: Entry) -> Node:
    """The schema of a kind as one JSON Schema in our keywords; equal sub-schemas are one object.

    Each object and list carries the gate's check of itself as `passes`, a keyword that only `errors` reads.
    """
    return _Expansion(entry.pool).structural(entry.ref)


class _Expansion:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.gate = gate.Gate(pool)
        self.done: dict[str, Node] = {}

    def structural(self, ref: Ref) -> Node:
        if isinstance(ref, str) and ref in self.done:
            return self.done[ref]
        node = self.pool.node(ref)
        schema = self.values(node)
        if isinstance(ref, str):
            self.done[ref] = schema
        if "properties" in node:
            schema["properties"] = {name: self.structural(child) for name, child in node["properties"].items()}
        if "items" in node:
            schema["items"] = self.structural(node["items"])
        if "additionalProperties" in node:
            schema["additionalProperties"] = self.structural(node["additionalProperties"])
        elif node.get("type") == "object" and not node.get("x-kubernetes-preserve-unknown-fields"):
            schema["unknownFields"] = sorted(node.get("properties", ()))
        if not schema.get("nullable"):
            schema["noNull"] = True
        if node.get("type") in {"object", "array"}:
            schema["passes"] = self.gate.check(ref)
        return schema

    def values(self, node: Node) -> Node:
        """The keywords about the value itself, with those of JSON Schema where OpenAPI differs."""
        schema = {key: value for key, value in node.items() if key not in _CHANGED}
        if names := gate.at_most_one(node):
            schema["atMostOne"] = names
        elif "oneOf" in node:
            schema["oneOf"] = [self.part(part) for part in node["oneOf"]]
        for junctor in ("anyOf", "allOf"):
            if junctor in node:
                schema[junctor] = [self.part(part) for part in node[junctor]]
        if "not" in node:
            schema["not"] = self.part(node["not"])
        low, high = gate.bounds(node)
        over, under = gate.exclusive_bounds(node)
        limits = {"minimum": low, "maximum": high, "exclusiveMinimum": over, "exclusiveMaximum": under}
        return schema | {key: value for key, value in limits.items() if value is not None}

    def part(self, node: Node) -> Node:
        schema = self.values(node)
        if "properties" in node:
            schema["properties"] = {name: self.part(child) for name, child in node["properties"].items()}
        if "items" in node:
            schema["items"] = self.part(node["items"])
        return schema


_CHANGED = {
    *("properties", "items", "additionalProperties", "oneOf", "anyOf", "allOf", "not"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "default"),
}


def _type(_: Any, kind: str, instance: Any, schema: Node) -> Errors:
    if instance is None and schema.get("nullable"):
        return
    if not _IS_TYPE[kind](instance):
        yield ValidationError(f"no {kind}")


_IS_TYPE: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": gate.is_integer,
    "number": gate.is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _int_or_string(_: Any, __: Any, instance: Any, schema: Node) -> Errors:
    if not (isinstance(instance, str) or gate.is_integer(instance) or (instance is None and schema.get("nullable"))):
        yield ValidationError("neither integer nor string")


def _no_null(_: Any, __: Any, instance: Any, schema: Node) -> Errors:
    if instance is None and "type" not in schema and "x-kubernetes-int-or-string" not in schema:
        yield ValidationError("null")


def _enum(_: Any, values: list[Any], instance: Any, schema: Node) -> Errors:
    if instance is None and schema.get("nullable"):
        return
    if not any(type(value) is type(instance) and value == instance for value in values):
        yield ValidationError("not in enum")


def _pattern(_: Any, text: str, instance: Any, __: Node) -> Errors:
    if isinstance(instance, str) and (compiled := golang.pattern(text)) and not compiled.search(instance):
        yield ValidationError("pattern")


def _format(_: Any, name: str, instance: Any, __: Node) -> Errors:
    if isinstance(instance, str) and name in FORMATS and not FORMATS[name](instance):
        yield ValidationError("format")


def _required(_: Any, names: list[str], instance: Any, __: Node) -> Errors:
    if isinstance(instance, dict):
        yield from (ValidationError(name) for name in names if name not in instance)


def _unknown_fields(_: Any, known: list[str], instance: Any, __: Node) -> Errors:
    if isinstance(instance, dict):
        yield from (ValidationError("unknown", path=[key]) for key in instance if key not in known)


def _at_most_one(_: Any, names: tuple[str, ...], instance: Any, __: Node) -> Errors:
    if isinstance(instance, dict) and sum(name in instance for name in names) > 1:
        yield ValidationError("more than one")


def _list_type(_: Any, kind: str, instance: Any, schema: Node) -> Errors:
    if isinstance(instance, list):
        keys = schema.get("x-kubernetes-list-map-keys") if kind == "map" else None
        if kind == "set" or keys:
            yield from (ValidationError(str(first), path=[later]) for first, later in gate.twins(instance, keys))


def _unique_items(_: Any, wanted: bool, instance: Any, __: Node) -> Errors:
    if wanted and isinstance(instance, list):
        yield from (ValidationError(str(first), path=[later]) for first, later in gate.twins(instance, None))


def _rules(_: Any, rules: list[dict[str, str]], instance: Any, __: Node) -> Errors:
    if instance is None:
        return
    for rule in rules:
        try:
            holds = compile_rule(rule["rule"])
        except CelSyntaxError:
            continue
        if not holds(instance):
            yield ValidationError(rule["rule"], cause=None)


_STANDARD = Draft202012Validator.VALIDATORS
_DESCENT = {key: _STANDARD[key] for key in ("properties", "items")}


def _additional(validator: Any, schema: Node, instance: Any, owner: Node) -> Errors:
    if isinstance(instance, dict):
        for key, value in instance.items():
            if key not in owner.get("properties", ()):
                yield from validator.descend(value, schema, path=key)


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength")
_COUNTS = ("minItems", "maxItems", "minProperties", "maxProperties")
_JUNCTORS = ("oneOf", "anyOf", "allOf", "not")

STRUCTURE = create(
    meta_schema={},
    validators={
        **_DESCENT,
        **{key: _STANDARD[key] for key in (*_BOUNDS, *_COUNTS, *_JUNCTORS)},
        "type": _type,
        "noNull": _no_null,
        "enum": _enum,
        "pattern": _pattern,
        "format": _format,
        "required": _required,
        "additionalProperties": _additional,
        "unknownFields": _unknown_fields,
        "atMostOne": _at_most_one,
        "uniqueItems": _unique_items,
        "x-kubernetes-int-or-string": _int_or_string,
        "x-kubernetes-list-type": _list_type,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER,
)
"""All that OpenAPI says of a document."""

RULES = create(
    meta_schema={},
    validators={**_DESCENT, "additionalProperties": _additional, "x-kubernetes-validations": _rules},
    type_checker=Draft202012Validator.TYPE_CHECKER,
)
"""CEL rules alone, for documents whose structure is right."""


def oracle(schema: Node, data: Any) -> list[ValidationError]:
    """What is wrong with a prepared document, structure first; rules only where that is right."""
    return list(STRUCTURE(schema).iter_errors(data)) or list(RULES(schema).iter_errors(data))


def _passes(schema: Node, value: Any) -> bool:
    check = schema.get("passes")
    try:
        return check is not None and check(value)
    except gate.NullFound:
        return False


def _properties(validator: Any, properties: dict[str, Node], instance: Any, _: Node) -> Errors:
    if isinstance(instance, dict):
        for name, schema in properties.items():
            if name in instance and not _passes(schema, instance[name]):
                yield from validator.descend(instance[name], schema, path=name, schema_path=name)


def _items(validator: Any, schema: Node, instance: Any, _: Node) -> Errors:
    if isinstance(instance, list):
        for index, item in enumerate(instance):
            if not _passes(schema, item):
                yield from validator.descend(item, schema, path=index)


_GATED = {"properties": _properties, "items": _items}
_QUICK_STRUCTURE = extend(STRUCTURE, _GATED)
_QUICK_RULES = extend(RULES, _GATED)


def errors(schema: Node, data: Any) -> list[ValidationError]:
    """The same as `oracle`, but what passes the gate is not looked at: a large document has few errors."""
    return list(_QUICK_STRUCTURE(schema).iter_errors(data)) or list(_QUICK_RULES(schema).iter_errors(data))


def _closed(validator: Any, extra: Any, instance: Any, schema: Node) -> Errors:
    """`additionalProperties` of a user's JSON Schema: an error for each unknown field."""
    if extra is not False or not isinstance(instance, dict) or "patternProperties" in schema:
        yield from _STANDARD["additionalProperties"](validator, extra, instance, schema)
        return
    known = sorted(schema.get("properties", ()))
    for key in instance:
        if key not in known:
            yield ValidationError("unknown", path=[key], validator="unknownFields", validator_value=known)


def json_schema_validator(schema: Node) -> Any:
    """A validator for a user's JSON Schema of any draft; nothing is ever fetched."""
    from jsonschema.validators import validator_for
    from referencing import Registry

    draft = validator_for(schema, default=Draft202012Validator)
    return extend(draft, {"required": _required, "additionalProperties": _closed})(schema, registry=Registry())


def flaw(schema: Node) -> str | None:
    """Why a user's JSON Schema cannot be used; None if it can."""
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for

    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        where = ".".join(str(step) for step in error.absolute_path)
        return f"is no valid JSON Schema: {where + ': ' if where else ''}{error.message}"
    except RecursionError:
        return "is nested too deeply"
    for reference in _references(schema):
        if not reference.startswith("#"):
            return f"refers to `{reference}`: only references within the file (`#/...`) are followed"
        if not _resolves(schema, reference):
            return f"refers to `{reference}`, which is not in the file"
    return None


def _references(schema: Any) -> Iterator[str]:
    waiting = [schema]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if isinstance(here.get("$ref"), str):
                yield here["$ref"]
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here


def _resolves(schema: Any, reference: str) -> bool:
    here = schema
    for step in reference.removeprefix("#").strip("/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, list) and name.isdigit() and int(name) < len(here):
            here = here[int(name)]
        elif isinstance(here, dict) and name in here:
            here = here[name]
        elif name:
            return False
    return True
