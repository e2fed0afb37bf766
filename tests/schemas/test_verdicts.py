"""Verdicts of Istio's own tests of its CRDs, and of its CRDs on the inputs of its webhook's tests."""

import json
from typing import Any

import pytest
from ruamel.yaml import YAML
from support import shared

from meshlint.schemas import Catalog

DIFFERENT = {
    "s1-0857": "`presence` exists in the version after the newest release only",
    "s1-0937": "`presence` exists in the version after the newest release only",
    "s1-1041": "nulls in objects: Istio's test validator refuses them, the API server prunes them",
    "s1-1042": "nulls in objects: Istio's test validator refuses them, the API server prunes them",
}


def cases(name: str) -> list[Any]:
    folder = shared()
    if folder is None:
        return []
    with open(folder / "cases" / name / "cases.json", encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.skipif(shared() is None, reason="the reference material is not here")
def test_agrees_with_the_schema_verdict_of_every_input_of_the_webhook_tests() -> None:
    catalog = Catalog()
    found = {}
    for case in cases("istio-webhook"):
        verdict = catalog.valid(case["input"])
        if verdict != case["schema_valid"]:
            found[case["id"]] = verdict
        assert verdict == (catalog.explain(case["input"]) == [])
    assert found.keys() == DIFFERENT.keys()


@pytest.mark.parametrize("case", cases("istio-crd"), ids=lambda case: f"{case['id']} {case['expect']}")
def test_agrees_with_a_document_of_the_crd_tests(case: dict[str, Any]) -> None:
    document = YAML(typ="safe", pure=True).load(case["text"])
    assert Catalog().valid(document) == (case["expect"] == "valid")
    assert (Catalog().explain(document) == []) == (case["expect"] == "valid")
