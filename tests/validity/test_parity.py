"""Agreement with Istio's webhook does not fall below what was recorded (`make parity`)."""

import sys
from functools import cache

import pytest
from support import ROOT, shared

sys.path.insert(0, str(ROOT))

from tools.agreement import webhook
from tools.agreement.section import PAGE, Section, page_with, recorded

needs_cases = pytest.mark.skipif(shared() is None, reason="the reference material is not part of the project")


@cache
def _measured() -> Section:
    folder = shared()
    assert folder is not None
    return webhook.measure(folder)


@needs_cases
@pytest.mark.parametrize("kind", sorted(recorded().get("webhook", {})))
def test_agreement_with_the_webhook(kind: str) -> None:
    section = _measured()
    differences = [difference for difference in section.differences if difference.group == kind]
    assert section.agreed(kind) >= recorded()["webhook"][kind].agreed, differences


@needs_cases
def test_few_differences_are_deliberate() -> None:
    section = _measured()
    assert section.deliberate * 100 <= sum(section.cases.values())


@needs_cases
def test_nothing_that_istio_accepts_is_an_error() -> None:
    unwanted = [item for item in _measured().differences if item.wanted == "accepted" and item.reason is None]
    assert not unwanted


def test_the_page_shows_what_was_recorded() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page_with(recorded(), text) == text
