"""From a CustomResourceDefinition to the schemas that the gate and the explanation work on.

A node is a plain dict of the keywords of structural schemas. What says nothing about validity is
left out (descriptions, atomic lists); so are transition rules (`oldSelf`), as there is no old object.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

Node = dict[str, Any]

KEYWORDS = frozenset(
    (
        *("type", "format", "enum", "nullable", "default", "required", "pattern", "multipleOf", "uniqueItems"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"),
        *("minItems", "maxItems", "minProperties", "maxProperties"),
        *("x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-list-map-keys"),
    )
)
_JUNCTORS = ("allOf", "anyOf", "oneOf")

_TEXT: Node = {"type": "string"}
_TEXTS: Node = {"type": "object", "additionalProperties": _TEXT}
ANYTHING: Node = {"x-kubernetes-preserve-unknown-fields": True}
OBJECT_META: Node = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "generateName": _TEXT,
        "namespace": _TEXT,
        "selfLink": _TEXT,
        "uid": _TEXT,
        "resourceVersion": _TEXT,
        "generation": {"type": "integer"},
        "creationTimestamp": _TEXT,
        "deletionTimestamp": _TEXT,
        "deletionGracePeriodSeconds": {"type": "integer"},
        "labels": _TEXTS,
        "annotations": _TEXTS,
        "ownerReferences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "apiVersion": _TEXT,
                    "kind": _TEXT,
                    "name": _TEXT,
                    "uid": _TEXT,
                    "controller": {"type": "boolean"},
                    "blockOwnerDeletion": {"type": "boolean"},
                },
            },
        },
        "finalizers": {"type": "array", "items": _TEXT},
        "managedFields": ANYTHING,
    },
}
"""metadata as Kubernetes knows it (k8s.io/apimachinery/pkg/apis/meta/v1, ObjectMeta)."""


class CrdVersion(msgspec.Struct, frozen=True):
    """One version of one kind; `schema` is that of a whole document."""

    group: str
    kind: str
    version: str
    served: bool
    deprecated: bool
    schema: Node


def versions(crd: Any) -> Iterator[CrdVersion]:
    """The versions of a CustomResourceDefinition; ValueError if it is none of v1."""
    if not isinstance(crd, dict) or crd.get("kind") != "CustomResourceDefinition":
        raise ValueError("no CustomResourceDefinition")
    if crd.get("apiVersion") != "apiextensions.k8s.io/v1":
        raise ValueError("only CustomResourceDefinitions of apiextensions.k8s.io/v1 are supported")
    try:
        spec = crd["spec"]
        for version in spec["versions"]:
            yield CrdVersion(
                group=spec["group"],
                kind=spec["names"]["kind"],
                version=version["name"],
                served=bool(version["served"]),
                deprecated=bool(version.get("deprecated", False)),
                schema=root(version["schema"]["openAPIV3Schema"], has_status=bool(version.get("subresources"))),
            )
    except KeyError as error:
        raise ValueError(f"the CustomResourceDefinition lacks {error}") from error
    except (TypeError, AttributeError) as error:
        raise ValueError(f"the CustomResourceDefinition is malformed: {error}") from error


def root(schema: Node, *, has_status: bool) -> Node:
    """The schema of a whole document. The API server drops `status` on writing, so it may be anything."""
    node = slim(schema)
    properties: Node = dict(node.get("properties", {}))
    if has_status or "status" in properties:
        properties["status"] = ANYTHING
    properties |= {"apiVersion": _TEXT, "kind": _TEXT, "metadata": OBJECT_META}
    return node | {"type": "object", "properties": properties}


def slim(schema: Node) -> Node:
    """One node and all below it, reduced to what matters; ValueError for a node that is no object."""
    if not isinstance(schema, dict):
        raise ValueError(f"a schema must be an object, not {schema!r}")  # noqa: TRY004 - the text is wrong, not the call
    node = {key: value for key, value in schema.items() if key in KEYWORDS and value is not False}
    if properties := schema.get("properties"):
        if any(not isinstance(name, str) for name in properties):
            raise ValueError("the name of a field must be a text")
        node["properties"] = {name: slim(child) for name, child in properties.items()}
    if isinstance(node.get("required"), list):
        node["required"] = sorted(set(node["required"]))
    if isinstance(schema.get("items"), dict):
        node["items"] = slim(schema["items"])
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict):
        node["additionalProperties"] = slim(extra)
    elif extra is True:
        node["x-kubernetes-preserve-unknown-fields"] = True
    for junctor in _JUNCTORS:
        if junctor in schema and not schema.get("x-kubernetes-int-or-string"):
            node[junctor] = [slim(part) for part in schema[junctor]]
    if "not" in schema:
        node["not"] = slim(schema["not"])
    if schema.get("x-kubernetes-list-type") in {"map", "set"}:
        node["x-kubernetes-list-type"] = schema["x-kubernetes-list-type"]
    rules = [rule for rule in schema.get("x-kubernetes-validations", ()) if "oldSelf" not in rule["rule"]]
    if rules:
        node["x-kubernetes-validations"] = [
            {"rule": rule["rule"], "message": rule.get("message", rule["rule"])} for rule in rules
        ]
    return node
