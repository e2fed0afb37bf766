"""Schemas that users bring for other kinds: CRDs in YAML or JSON, and JSON Schema.

A CRD is checked like those of Istio: unknown fields, defaults, CEL as far as we can evaluate it.
A JSON Schema says by itself what is allowed; which kind it is for stands in it, as
`x-kubernetes-group-version-kind` or as `const` (or an `enum` of one) of `apiVersion` and `kind`.
"""

import os
from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.schemas import crd

_SUFFIXES = (".yaml", ".yml", ".json")


class SchemaFileError(Exception):
    """A file of `--schema-dir` that cannot be used; the message names the file and what is wrong."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(f"{path}: {message}")


class UserSchema(msgspec.Struct, frozen=True, eq=False):
    """The schema of one kind and version: structural (of a CRD), or JSON Schema as it is."""

    api_version: str
    kind: str
    schema: dict[str, Any]
    is_json_schema: bool
    path: str


def load_user_schemas(folder: str) -> list[UserSchema]:
    """All schemas of a folder and below it; SchemaFileError for a broken one, or where there is none.

    Other Kubernetes resources in its files are passed over.
    """
    if not os.path.isdir(folder):
        raise SchemaFileError(folder, "there is no such folder")
    found: dict[tuple[str, str], UserSchema] = {}
    for path in _files(folder):
        for schema in _schemas(path):
            first = found.setdefault((schema.api_version, schema.kind), schema)
            if first is not schema:
                raise SchemaFileError(path, f"{schema.api_version} {schema.kind} is already defined by {first.path}")
    if not found:
        raise SchemaFileError(folder, "no CustomResourceDefinition and no JSON Schema (*.yaml, *.yml, *.json) in it")
    return list(found.values())


def _files(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(parent, name) for name in sorted(files) if name.endswith(_SUFFIXES))


def _schemas(path: str) -> Iterator[UserSchema]:
    for document in _documents(path):
        if not isinstance(document, dict):
            raise SchemaFileError(path, "neither a CustomResourceDefinition nor a JSON Schema")
        if document.get("kind") == "List" and isinstance(document.get("items"), list):
            for item in document["items"]:
                yield from _of_crd(path, item)
        elif isinstance(document.get("kind"), str) and "apiVersion" in document:
            yield from _of_crd(path, document)
        else:
            yield from _of_json_schema(path, document)


def _documents(path: str) -> list[Any]:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise SchemaFileError(path, f"cannot be read: {error}") from error
    if path.endswith(".json"):
        try:
            return [msgspec.json.decode(text)]
        except msgspec.DecodeError as error:
            raise SchemaFileError(path, f"is no JSON: {error}") from error
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return [document for document in YAML(typ="safe", pure=True).load_all(text) if document is not None]
    except (YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(getattr(error, "problem", None) or error).split())
        mark = getattr(error, "problem_mark", None)
        raise SchemaFileError(path, f"is no YAML: {reason}" + (f" (line {mark.line + 1})" if mark else "")) from error


def _of_crd(path: str, document: Any) -> Iterator[UserSchema]:
    if not isinstance(document, dict) or document.get("kind") != "CustomResourceDefinition":
        return
    try:
        for version in crd.versions(document):
            if version.served:
                _check(version.schema, f"version {version.version}")
                yield UserSchema(f"{version.group}/{version.version}", version.kind, version.schema, False, path)
    except (ValueError, RecursionError) as error:
        raise SchemaFileError(path, str(error)) from error


_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    **dict.fromkeys(("type", "format", "pattern", "x-kubernetes-list-type"), (str, "a text")),
    **dict.fromkeys(("enum", "required", "x-kubernetes-list-map-keys"), (list, "a list")),
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), (int, "a whole number")
    ),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), ((int, float), "a number")),
}
_TYPES = {"string", "integer", "number", "boolean", "array", "object"}


def _check(node: crd.Node, where: str) -> None:
    """ValueError for a node that the gate could not work with."""
    for key, value in node.items():
        kind, words = _KINDS.get(key, (object, ""))
        if not isinstance(value, kind) or (isinstance(value, bool) and kind in {int, (int, float)}):
            raise ValueError(f"{where}: `{key}` must be {words}, not {value!r}")
    if "type" in node and node["type"] not in _TYPES:
        raise ValueError(f"{where}: `{node['type']}` is no type")
    for key in ("required", "x-kubernetes-list-map-keys"):
        if any(not isinstance(name, str) for name in node.get(key, ())):
            raise ValueError(f"{where}: `{key}` must list names")
    if node.get("multipleOf", 1) <= 0:
        raise ValueError(f"{where}: `multipleOf` must be more than 0")
    for name, child in node.get("properties", {}).items():
        _check(child, f"{where}: {name}" if ": " not in where else f"{where}.{name}")
    for key in ("items", "additionalProperties", "not"):
        if key in node:
            _check(node[key], f"{where}[]" if key == "items" else where)
    for junctor in ("oneOf", "anyOf", "allOf"):
        for part in node.get(junctor, ()):
            _check(part, where)


def _of_json_schema(path: str, schema: dict[str, Any]) -> Iterator[UserSchema]:
    names = list(_kinds_of(schema))
    if not names:
        raise SchemaFileError(
            path,
            "does not say which kind it is for: add `x-kubernetes-group-version-kind`, "
            "or `const` to the properties `apiVersion` and `kind`",
        )
    from meshlint.schemas.keywords import flaw

    if (message := flaw(schema)) is not None:
        raise SchemaFileError(path, message)
    for api_version, kind in names:
        yield UserSchema(api_version, kind, schema, True, path)


def _kinds_of(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    listed = schema.get("x-kubernetes-group-version-kind")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and all(isinstance(item.get(key), str) for key in ("version", "kind")):
            group = item.get("group")
            yield (f"{group}/{item['version']}" if group else item["version"]), item["kind"]
    properties = schema.get("properties")
    if not listed and isinstance(properties, dict):
        api_version, kind = (_only(properties.get(name)) for name in ("apiVersion", "kind"))
        if api_version is not None and kind is not None:
            yield api_version, kind


def _only(schema: Any) -> str | None:
    if not isinstance(schema, dict):
        return None
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return values[0] if isinstance(values, list) and len(values) == 1 and isinstance(values[0], str) else None
