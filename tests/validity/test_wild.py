"""No rule that judges a resource alone fails on any value, and each of its findings has a place.

`MESHLINT_WILD=200000 pytest tests/validity/test_wild.py` tries more than every run does.
"""

import os
from random import Random

import pytest
from support import all_rules
from validity.wild import resource

from meshlint.model.base import Opaque
from meshlint.model.kinds import _KINDS, convert, kind_class
from meshlint.model.paths import spelled
from meshlint.ruleset import RuleSet
from meshlint.schemas.versions import Target
from meshlint.selection import select

COUNT = int(os.environ.get("MESHLINT_WILD", "600"))
ISTIO = sorted({(group, kind) for group, kind in _KINDS if group.endswith("istio.io")})


@pytest.mark.parametrize("release", ["1.20", "1.24", Target().istio])
def test_wild_values(release: str) -> None:
    rules = RuleSet(select(all_rules().values(), only=("all",)), {}, {Target: Target(istio=release)})
    random = Random(release)
    opaque = 0
    for number in range(COUNT // 3):
        group, kind = ISTIO[number % len(ISTIO)]
        version = f"{group}/v1"
        found = kind_class(version, kind)
        assert found is not None
        document = resource(found, version, random)
        typed = convert(document)
        opaque += isinstance(typed, Opaque)
        if isinstance(typed, Opaque):
            continue
        for bound in rules.local(type(typed)):
            try:
                for finding in bound.check(typed):
                    spelled(typed, finding.spot.object, finding.spot.path)
                    assert finding.message
            except Exception as error:
                raise AssertionError(f"{bound.meta.code} on {document}") from error
    assert opaque < COUNT / 30
