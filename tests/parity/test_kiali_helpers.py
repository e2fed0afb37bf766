"""meshlint answers what Kiali's helpers are asked in its tests: Sidecar imports, ambient mode (`make parity`)."""

import sys
from functools import cache

import pytest
from support import ROOT, shared

sys.path.insert(0, str(ROOT))

from tools.agreement import kiali_helpers
from tools.agreement.section import Section, deliberate

needs_cases = pytest.mark.skipif(shared() is None, reason="the reference material is not part of the project")


def _names() -> list[str]:
    folder = shared()
    return sorted(kiali_helpers.calls(folder)) if folder else []


@cache
def _measured() -> Section:
    folder = shared()
    assert folder is not None
    return kiali_helpers.measure(folder)


@needs_cases
@pytest.mark.parametrize("name", _names())
def test_the_answer_is_kialis_or_differs_for_a_reason(name: str) -> None:
    differences = {item.case: item for item in _measured().differences}
    assert name not in differences or differences[name].reason


@needs_cases
def test_what_differs_on_purpose_does_differ() -> None:
    assert set(deliberate("kiali-helpers")) == {item.case for item in _measured().differences}


@needs_cases
def test_every_call_is_asked() -> None:
    assert sum(_measured().cases.values()) == 68
