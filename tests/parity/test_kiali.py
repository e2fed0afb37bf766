"""Agreement with Kiali's own tests does not fall below what was recorded (`make parity`)."""

import sys
from functools import cache

import pytest
from support import ROOT, shared

sys.path.insert(0, str(ROOT))

from tools.agreement import kiali
from tools.agreement.section import Section, deliberate, recorded

needs_cases = pytest.mark.skipif(shared() is None, reason="the reference material is not part of the project")


@cache
def _measured() -> Section:
    folder = shared()
    assert folder is not None
    return kiali.measure(folder)


@needs_cases
@pytest.mark.parametrize("checker", sorted(recorded().get("kiali", {})))
def test_agreement_with_kiali(checker: str) -> None:
    section = _measured()
    differences = [difference for difference in section.differences if difference.group == checker]
    assert section.agreed(checker) >= recorded()["kiali"][checker].agreed, differences


@needs_cases
def test_what_differs_on_purpose_does_differ() -> None:
    assert set(deliberate("kiali")) <= {difference.case for difference in _measured().differences}
