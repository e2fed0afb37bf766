"""For each kind a full example is valid, and each single mutation gives one problem at its place."""

import pytest
from schemas.fuzzing import documents, oracle
from schemas.samples import VARIANTS, Seen, example, kinds, mutations, unseen

from meshlint.problems import MissingField, UnknownField, WrongValue
from meshlint.schemas import Catalog
from meshlint.schemas.versions import RELEASES, Target

PROBLEMS = {"drop": MissingField, "extra": UnknownField, "wrong": WrongValue, "enum": WrongValue}
OLDER = list(zip(RELEASES["istio"][-2::-1], [*RELEASES["gateway-api"][-2::-1], *["1.0-standard"] * 5], strict=True))


def judge(target: Target, variants: int, seen: Seen) -> Catalog:
    catalog = Catalog(target)
    for entry in kinds(target):
        shared = catalog.entry(entry.api_version, entry.kind)
        for variant in range(variants):
            document = example(entry, variant)
            assert catalog.explain(document) == [], (entry.kind, variant)
            for mutation in mutations(shared, document, seen):
                problems = catalog.explain(mutation.document)
                found = [(type(problem), problem.spot.path) for problem in problems]
                assert found == [(PROBLEMS[mutation.what.split()[0]], mutation.path)], (entry.kind, mutation.what)
    return catalog


def test_every_field_of_the_newest_releases_mutated_alone_gives_one_problem_there() -> None:
    seen: Seen = set()
    catalog = judge(Target(), VARIANTS, seen)
    assert len(seen) > 1200
    for entry in kinds(Target()):
        assert unseen(catalog.entry(entry.api_version, entry.kind), seen) == set(), entry.kind


def test_so_does_every_field_that_was_different_in_older_releases() -> None:
    seen: Seen = set()
    for istio, gateway_api in OLDER:
        judge(Target(istio, gateway_api), 6, seen)
    assert len(seen) > 3000


@pytest.mark.parametrize("seed", range(4))
def test_gate_and_jsonschema_agree_on_random_documents(seed: int) -> None:
    verdicts = []
    for catalog, document in documents(seed, 500):
        verdict = catalog.valid(document)
        assert verdict == oracle(catalog, document), document
        assert verdict == (catalog.explain(document) == [])
        verdicts.append(verdict)
    assert 50 < sum(verdicts) < 450
