"""Agreement with `istioctl analyze` does not fall below what was recorded (`make parity`)."""

import re
import sys
from functools import cache

import pytest
from support import ROOT, all_rules, shared

sys.path.insert(0, str(ROOT))

from tools.agreement import analyze
from tools.agreement.section import PAGE, Section, recorded

needs_cases = pytest.mark.skipif(shared() is None, reason="the reference material is not part of the project")


@cache
def _measured() -> Section:
    folder = shared()
    assert folder is not None
    return analyze.measure(folder)


@needs_cases
@pytest.mark.parametrize("analyzer", sorted(recorded().get("analyze", {})))
def test_agreement_with_the_analyzer(analyzer: str) -> None:
    section = _measured()
    differences = [difference for difference in section.differences if difference.group == analyzer]
    assert section.agreed(analyzer) >= recorded()["analyze"][analyzer].agreed, differences


@needs_cases
def test_every_difference_is_deliberate_and_they_are_few() -> None:
    section = _measured()
    assert section.deliberate == len(section.differences)
    assert section.deliberate * 20 <= sum(section.cases.values())


def test_every_analyzer_is_stood_for_by_rules_that_exist() -> None:
    assert {code for codes in analyze.analyzers().values() for code in codes} <= all_rules().keys()
    assert all(analyze.analyzers().values())


def test_the_page_names_every_rule_with_a_code_of_istioctl() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("## istioctl analyze")[2]
    rows = {row[0]: row[1] for row in re.findall(r"^\| (IST\d{4}) [^|]*\| ([^|]*) \|", text, re.M)}
    assert len(rows) == 68
    for meta in all_rules().values():
        for code in meta.equivalents:
            if code.startswith("IST") and code not in {"IST0106", "IST0133"}:
                assert meta.code in rows[code], f"{meta.code} says {code}, the page does not"
