"""Reads the CRD schemas of all releases and compares them with the structs. Shared by the tests of the model."""

import json
import os
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec
import pytest

SHARED = Path(os.environ.get("MESHLINT_SHARED", Path(__file__).parents[3] / "shared"))

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the schemas of the releases are not here")


def crd_schemas(prefix: str) -> dict[tuple[str, str], dict[str, Any]]:
    """(group, kind) -> the schema with every field that any release or version has."""
    union: dict[tuple[str, str], dict[str, Any]] = {}
    for path in sorted((SHARED / "crds").glob(f"{prefix}-*.json")):
        for crd in json.loads(path.read_text(encoding="utf-8")):
            if crd["kind"] != "CustomResourceDefinition":
                continue
            spec = crd["spec"]
            merged = union.setdefault((spec["group"], spec["names"]["kind"]), {})
            for version in spec["versions"]:
                _merge(merged, version["schema"]["openAPIV3Schema"])
    return union


def _merge(into: dict[str, Any], schema: dict[str, Any]) -> None:
    for key, value in schema.items():
        if key == "properties":
            fields = into.setdefault("properties", {})
            for name, field in value.items():
                _merge(fields.setdefault(name, {}), field)
        elif key in {"items", "additionalProperties"} and isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        else:
            into.setdefault(key, value)


_SCALARS = {"string": str, "integer": int, "number": float, "boolean": bool}


class Comparison:
    """Walks schemas and structs side by side and gathers how they differ.

    A field counts as known to a release if *some* place of its struct has it: the Gateway API gives
    one message different fields in different places.
    """

    def __init__(self) -> None:
        self.differences: list[str] = []
        self._seen: set[tuple[type[msgspec.Struct], str]] = set()
        self._structs: set[type[msgspec.Struct]] = set()

    def surplus(self) -> list[str]:
        """Fields of the structs met so far that no release has."""
        fields = {(kind, field.encode_name) for kind in self._structs for field in msgspec.structs.fields(kind)}
        return sorted(f"{kind.__name__}.{name}" for kind, name in fields - self._seen)

    def compare(self, schema: dict[str, Any], annotation: Any, path: str) -> None:
        """Note where a struct lacks what the schema has, or has it as another type."""
        types = {annotation} if get_origin(annotation) in {tuple, dict} else set(get_args(annotation) or (annotation,))
        types -= {NoneType}
        if Any in types:
            return
        if schema.get("x-kubernetes-int-or-string"):
            self._expect(types == {int, str}, path, annotation)
            return
        (kind,) = types
        if schema["type"] == "array":
            self._expect(get_origin(kind) is tuple, path, annotation)
            self.compare(schema["items"], get_args(kind)[0], f"{path}[]")
        elif "additionalProperties" in schema:
            self._expect(get_origin(kind) is dict, path, annotation)
            self.compare(schema["additionalProperties"], get_args(kind)[1], f"{path}{{}}")
        elif schema["type"] == "object":
            self._compare_struct(schema.get("properties", {}), kind, path)
        else:
            self._expect(kind is _SCALARS[schema["type"]], path, annotation)

    def _expect(self, holds: bool, path: str, annotation: Any) -> None:
        if not holds:
            self.differences.append(f"{path}: {annotation} is another type than the schema's")

    def _compare_struct(self, properties: dict[str, Any], kind: Any, path: str) -> None:
        assert isinstance(kind, type), path
        assert issubclass(kind, msgspec.Struct), path
        self._structs.add(kind)
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
        for name, schema in properties.items():
            if name in fields:
                self._seen.add((kind, name))
                self.compare(schema, fields[name], f"{path}.{name}")
            else:
                self.differences.append(f"{path}.{name}: no field of {kind.__name__}")
