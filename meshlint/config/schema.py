"""The JSON Schema of the configuration file, for editors and for explaining errors.

Generated into `schemas/config.json` from the structs (`make docs`); descriptions are those of the
command line's options, where there is one.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from meshlint.config.model import SCHEMA, Config
from meshlint.registry import Meta, Options, load
from meshlint.schemas.versions import known

Schema = dict[str, Any]

_DESCRIPTIONS = {
    "paths": "What to lint where the command line names nothing: files, folders, and patterns (`docs/**/*.md`).",
    "exclude": "Patterns as in .gitignore of what is not read.",
    "external": "Names that exist although no file says so, as globs: hosts, gateways, namespaces, serviceAccounts.",
    "rules": "Severity, `ignorable` and options of single rules, by code or name.",
    "per-path": "What is different for some files; entries further down win.",
    "require-reason": "Every suppression must say why (rule ML007).",
    "output": "Files that the formats are written to, one for each format (the last may go without: stdout).",
    "no-suppressions": "Comments and annotations in the files silence nothing.",
}
_VERSIONS = {"istio-version": "istio", "gateway-api-version": "gateway-api"}
_SEVERITIES = {"enum": ["error", "warning", "info"]}
_OF_EVERY_RULE: Schema = {
    "severity": {**_SEVERITIES, "description": "The severity that the rule reports with."},
    "ignorable": {"type": "boolean", "description": "false: no comment, annotation or baseline silences the rule."},
}


def schema(metas: Iterable[Meta], formats: Iterable[str], options: Mapping[str, str]) -> Schema:
    """The schema; `options` are the help texts of the long options by name."""
    whole = msgspec.json.schema(Config)
    definitions: dict[str, Schema] = whole["$defs"]
    root = definitions.pop("Config")
    properties = {key: _simple(node) for key, node in root["properties"].items()}
    for key, node in properties.items():
        text = _DESCRIPTIONS.get(key) or options.get(key, "")
        if text:
            node["description"] = text
    for key, project in _VERSIONS.items():
        properties[key]["enum"] = list(known(project))
        del properties[key]["default"]  # the newest: it would change with every release
    properties["format"]["items"] = {"enum": list(formats)}
    rules = sorted(metas, key=lambda meta: meta.code)
    properties["rules"] = {
        "description": _DESCRIPTIONS["rules"],
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{meta.code}"} for meta in rules for name in (meta.code, meta.name)},
        "additionalProperties": {"type": "object", "properties": _OF_EVERY_RULE},
    }
    definitions = {name: _simple(node) for name, node in definitions.items()}
    properties["external"].pop("default", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "Configuration of meshlint (.meshlint.yaml)",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {**definitions, **{meta.code: of_rule(meta) for meta in rules}},
    }


def of_rule(meta: Meta) -> Schema:
    """The schema of one rule's entry under `rules`."""
    options = load(meta.module).options
    own = of_options(options) if options else {}
    return {
        "type": "object",
        "description": f"{meta.code} {meta.name}: {meta.summary}",
        "properties": {**_OF_EVERY_RULE, **own},
        "additionalProperties": False,
    }


def of_options(options: type[Options]) -> Schema:
    """The schemas of a rule's options by key, described by the texts below the fields."""
    node = msgspec.json.schema(options)["$defs"][options.__name__]
    texts = _texts(options)
    properties: Schema = node["properties"]
    for key, field in zip(options.__struct_encode_fields__, options.__struct_fields__, strict=True):
        properties[key] = _simple(properties[key])
        if field in texts:
            properties[key]["description"] = texts[field]
    return properties


def _texts(options: type[Options]) -> dict[str, str]:
    """What the strings below the fields of a struct say."""
    body = ast.parse(textwrap.dedent(inspect.getsource(options))).body[0]
    assert isinstance(body, ast.ClassDef)
    return {
        node.target.id: " ".join(text.value.value.split())
        for node, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _simple(node: Schema) -> Schema:
    """A node without the null that stands for *not given*, and without titles that repeat a class name."""
    node = {
        key: value
        for key, value in node.items()
        if key != "title" and (key != "default" or value not in (None, [], {}))
    }
    if "anyOf" in node:
        kinds = [kind for kind in node.pop("anyOf") if kind != {"type": "null"}]
        node.update(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})
    if "properties" in node:
        node["properties"] = {key: _simple(value) for key, value in node["properties"].items()}
    if node.get("required") == []:
        del node["required"]
    return node
