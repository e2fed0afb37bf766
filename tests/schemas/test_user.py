"""Schemas that users bring: CRDs and JSON Schema, and what is said of broken ones."""

import random
from pathlib import Path
from typing import Any

import pytest
from support import all_rules

from meshlint.engine import Input, Settings, lint
from meshlint.problems import BrokenConstraint, MissingField, UnknownField, UnservedVersion, WrongValue
from meshlint.schemas import Catalog
from meshlint.schemas.user import SchemaFileError, load_user_schemas
from meshlint.selection import select
from meshlint.sources import Source

CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rollouts.example.com}
spec:
  group: example.com
  names: {kind: Rollout, plural: rollouts}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        description: anything
        required: [spec]
        properties:
          spec:
            type: object
            required: [size]
            properties:
              size: {type: integer, format: int32, minimum: 0, exclusiveMinimum: true}
              port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
              mode: {type: string, enum: [Blue, Green], default: Blue}
              extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
              hosts: {type: array, x-kubernetes-list-type: set, items: {type: string, pattern: '^\\w+$'}}
              either:
                type: object
                properties: {a: {type: string}, b: {type: string}}
                oneOf: [{required: [a]}, {required: [b]}]
            x-kubernetes-validations:
            - {rule: "self.size < 10 || self.mode == 'Green'", message: large ones must be green}
            - {rule: "self == oldSelf", message: immutable}
            - {rule: "self.extra.?a.orValue(1) == 1", message: beyond what we can evaluate}
  - name: v2
    served: false
    storage: false
    schema: {openAPIV3Schema: {type: object}}
"""
JSON_SCHEMA = """{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "x-kubernetes-group-version-kind": [{"group": "example.com", "version": "v1", "kind": "Banana"}],
  "type": "object",
  "definitions": {"colour": {"enum": ["yellow", "green"]}},
  "properties": {
    "apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"},
    "spec": {
      "type": "object", "additionalProperties": false, "required": ["colour"],
      "properties": {"colour": {"$ref": "#/definitions/colour"}, "length": {"type": ["integer", "null"]}}
    }
  }
}"""


def catalog(folder: Path, **files: str) -> Catalog:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return Catalog(user_schemas=load_user_schemas(str(folder)))


def rollout(**spec: Any) -> dict[str, Any]:
    return {"apiVersion": "example.com/v1", "kind": "Rollout", "metadata": {"name": "a"}, "spec": spec}


@pytest.mark.parametrize(
    "spec",
    [
        {"size": 1},
        {"size": 1, "port": "http", "extra": {"a": {"b": [1]}}, "hosts": ["a", "b"]},
        {"size": 1, "port": 80, "either": {"a": ""}},
        {"size": 11, "mode": "Green"},
        {"size": 1, "mode": None, "port": None},
    ],
)
def test_a_crd_takes_what_fits(tmp_path: Path, spec: dict[str, Any]) -> None:
    assert catalog(tmp_path, crd_yaml=CRD).explain(rollout(**spec)) == []


@pytest.mark.parametrize(
    ("spec", "kind", "field"),
    [
        ({"size": 0}, WrongValue, "spec.size"),
        ({"size": 2**31}, WrongValue, "spec.size"),
        ({}, MissingField, "spec"),
        ({"size": 1, "sise": 1}, UnknownField, "spec.sise"),
        ({"size": 1, "port": 1.5}, WrongValue, "spec.port"),
        ({"size": 1, "mode": "Red"}, WrongValue, "spec.mode"),
        ({"size": 1, "hosts": ["a", "a"]}, BrokenConstraint, "spec.hosts[1]"),
        ({"size": 1, "hosts": ["é"]}, WrongValue, "spec.hosts[0]"),
        ({"size": 1, "either": {}}, BrokenConstraint, "spec.either"),
        ({"size": 1, "either": {"a": "", "b": ""}}, BrokenConstraint, "spec.either"),
        ({"size": 11}, BrokenConstraint, "spec"),
    ],
)
def test_a_crd_refuses_what_does_not(tmp_path: Path, spec: dict[str, Any], kind: type, field: str) -> None:
    (problem,) = catalog(tmp_path, crd_yaml=CRD).explain(rollout(**spec))
    assert (type(problem), problem.field) == (kind, field)


def test_a_rule_of_a_crd_speaks_with_its_own_message(tmp_path: Path) -> None:
    (problem,) = catalog(tmp_path, crd_yaml=CRD).explain(rollout(size=11))
    assert (problem.constraint, problem.message) == ("rule", "large ones must be green")


def test_a_version_that_the_crd_does_not_serve(tmp_path: Path) -> None:
    judge = catalog(tmp_path, crd_yaml=CRD)
    assert judge.entry("example.com/v2", "Rollout") is None
    for version in ("v2", "v3"):
        (problem,) = judge.explain(rollout() | {"apiVersion": f"example.com/{version}"})
        assert isinstance(problem, UnservedVersion)
        assert (problem.field, problem.served) == ("apiVersion", ("example.com/v1",))
    for other in ({"apiVersion": "example.org/v2"}, {"apiVersion": "example.com/v2", "kind": "Rollouts"}):
        assert judge.explain(rollout() | other) == []


def test_a_json_schema_says_nothing_of_other_versions(tmp_path: Path) -> None:
    judge = catalog(tmp_path, schema_json=JSON_SCHEMA)
    assert judge.explain({"apiVersion": "example.com/v2", "kind": "Banana", "spec": {"colour": "blue"}}) == []


def test_what_a_users_schema_judges_is_no_unknown_kind(tmp_path: Path) -> None:
    (tmp_path / "crd.yaml").write_text(CRD, encoding="utf-8")
    settings = Settings(
        select(list(all_rules().values()), only=("ML102", "ML105")),
        schemas=load_user_schemas(str(tmp_path)),
    )
    head = "apiVersion: example.com/{}\nkind: {}\nmetadata: {{name: a}}\nspec: {{size: x}}\n"
    kinds = (("v1", "Rollout"), ("v2", "Rollout"), ("v1", "Banana"))
    texts = [head.format(*kind) for kind in kinds]
    found = lint(Input([Source(f"{n}.yaml", text, named=True) for n, text in enumerate(texts)]), settings)
    assert [(item.path, item.rule) for item in found.findings] == [("0.yaml", "ML102"), ("1.yaml", "ML105")]
    assert found.findings[1].help == "write `apiVersion: example.com/v1`"
    assert found.findings[1].message.startswith("the CRD of Rollout serves no Rollout of `example.com/v2`: ")
    assert found.summary.skipped == {"unknown-kind": 2}


@pytest.mark.parametrize(
    ("spec", "kind", "field"),
    [
        ({"colour": "yellow", "length": None}, None, ""),
        ({"colour": "yelow"}, WrongValue, "spec.colour"),
        ({"colour": "green", "length": "a"}, WrongValue, "spec.length"),
        ({}, MissingField, "spec"),
        ({"colour": "green", "lenght": 1}, UnknownField, "spec.lenght"),
    ],
)
def test_a_json_schema(tmp_path: Path, spec: dict[str, Any], kind: type | None, field: str) -> None:
    found = catalog(tmp_path, schema_json=JSON_SCHEMA).explain(
        {"apiVersion": "example.com/v1", "kind": "Banana", "metadata": {"name": "a"}, "spec": spec}
    )
    assert [(type(problem), problem.field) for problem in found] == ([(kind, field)] if kind else [])


def test_the_kind_of_a_json_schema_may_be_constants(tmp_path: Path) -> None:
    text = '{"properties": {"apiVersion": {"const": "example.com/v1"}, "kind": {"enum": ["Pear"]}}}'
    assert catalog(tmp_path, schema_json=text).entry("example.com/v1", "Pear") is not None


def test_other_resources_of_the_folder_are_passed_over(tmp_path: Path) -> None:
    text = CRD + "---\napiVersion: v1\nkind: ConfigMap\n---\n"
    assert len(catalog(tmp_path, crd_yaml=text, notes_txt="{{").entry("example.com/v1", "Rollout").kind) > 0


def test_a_list_of_crds(tmp_path: Path) -> None:
    text = "kind: List\napiVersion: v1\nitems:\n-" + "\n ".join(CRD.splitlines())
    assert catalog(tmp_path, crd_yaml=text).entry("example.com/v1", "Rollout") is not None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "is no JSON"),
        ("a.yaml", "a: [", "is no YAML"),
        ("a.yaml", "- 1", "neither a CustomResourceDefinition nor a JSON Schema"),
        (
            "a.yaml",
            CRD.replace("apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"),
            "only CustomResourceDefinitions",
        ),
        ("a.yaml", CRD.replace("group: example.com", ""), "lacks 'group'"),
        (
            "a.yaml",
            CRD.replace("type: integer, format", "type: int, format"),
            "version v1: spec.size: `int` is no type",
        ),
        ("a.yaml", CRD.replace("minimum: 0,", "minimum: low,"), "`minimum` must be a number, not 'low'"),
        ("a.yaml", CRD.replace("required: [size]", "required: size"), "`required` must be a list"),
        ("a.yaml", CRD + "---" + CRD, "example.com/v1 Rollout is already defined by"),
        ("a.json", '{"type": "object"}', "does not say which kind it is for"),
        ("a.json", JSON_SCHEMA.replace('"required": ["colour"]', '"required": 5'), "is no valid JSON Schema"),
        ("a.json", JSON_SCHEMA.replace("#/definitions/colour", "#/definitions/color"), "which is not in the file"),
        (
            "a.json",
            JSON_SCHEMA.replace("#/definitions/colour", "https://example.com/a"),
            "only references within the file",
        ),
        (
            "a.json",
            JSON_SCHEMA.replace('{"type": ["integer", "null"]}', '{"pattern": "("}'),
            "is not a 'regex'",
        ),
        ("a.yaml", CRD.replace("minimum: 0,", "multipleOf: 0,"), "`multipleOf` must be more than 0"),
        ("a.txt", "", "no CustomResourceDefinition and no JSON Schema"),
    ],
)
def test_a_broken_schema_is_a_clear_error(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SchemaFileError) as error:
        load_user_schemas(str(tmp_path))
    assert message in str(error.value)
    assert str(error.value).startswith(str(tmp_path))


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(SchemaFileError, match="there is no such folder"):
        load_user_schemas(str(tmp_path / "missing"))


def test_a_mangled_schema_is_an_error_or_works_but_never_a_traceback(tmp_path: Path) -> None:
    dice = random.Random(1)
    words = CRD.replace(":", " : ").replace(",", " , ").split(" ")
    path = tmp_path / "crd.yaml"
    loaded = 0
    for _ in range(300):
        mangled = words.copy()
        for _ in range(dice.choice((1, 1, 2))):
            mangled[dice.randrange(40, len(mangled))] = dice.choice(
                (*"[]{}-", "0", "null", "true", "[1]", "{a: 1}", "")
            )
        path.write_text(" ".join(mangled).replace(" : ", ": "), encoding="utf-8")
        try:
            schemas = load_user_schemas(str(tmp_path))
        except SchemaFileError:
            continue
        loaded += 1
        for schema in schemas:
            judge = Catalog(user_schemas=[schema])
            for spec in ({"size": 1, "hosts": ["a"], "either": {"a": ""}}, {"size": "a", "x": 1}, None, {"mode": None}):
                document = {"apiVersion": schema.api_version, "kind": schema.kind, "spec": spec}
                assert judge.valid(document) == (judge.explain(document) == [])
    assert loaded > 20
