"""No rule that asks the mesh fails on any values, in any combination of resources.

`MESHLINT_WILD=200000 pytest tests/analyze/test_wild.py` tries more than every run does.
"""

import os
from random import Random

import pytest
from support import all_rules
from validity.wild import resource

from meshlint.mesh.context import Context, Entry, Origin, Scope
from meshlint.mesh.mesh import Mesh
from meshlint.model.kinds import _KINDS, convert, kind_class
from meshlint.results import Resolver
from meshlint.ruleset import RuleSet
from meshlint.schemas.versions import Target
from meshlint.selection import select

COUNT = int(os.environ.get("MESHLINT_WILD", "600"))
_TOGETHER = 40
_NAMES = ("web", "api", "edge", "istio", "istiod")
_NAMESPACES = ("shop", "edge", "istio-system", None)


def _mesh(random: Random, scope: Scope) -> Mesh:
    entries = []
    for number in range(_TOGETHER):
        group, kind = random.choice(sorted(_KINDS))
        version = f"{group}/v1" if group else "v1"
        found = kind_class(version, kind)
        assert found is not None
        document = resource(found, version, random)
        home = random.choice(_NAMESPACES)
        metadata = {"name": random.choice(_NAMES), **({"namespace": home} if home else {})}
        typed = convert({**document, "metadata": metadata})
        entries.append(Entry(typed, Origin(number // 3, number % 3, f"d{number // 9}/f{number // 3}.yaml")))
    return Mesh(entries, Context(scope=scope))


@pytest.mark.parametrize("scope", Scope)
def test_wild_meshes(scope: Scope) -> None:
    rules = RuleSet(select(all_rules().values(), only=("all",)), {}, {Target: Target()})
    random = Random(scope.value)
    readable = 0
    for _ in range(COUNT // 3 // _TOGETHER + 1):
        mesh = _mesh(random, scope)
        bound = rules.with_mesh(mesh)
        resolver = Resolver(mesh.origin, lambda _: (None, 0))
        results = resolver.run(bound.over_mesh(Mesh), mesh)
        for entry in mesh.judged:
            readable += 1
            results += resolver.run(bound.over_mesh(type(entry.resource)), entry.resource)
        assert [item.message for item in results if item.rule == "ML003"] == []
    assert readable
