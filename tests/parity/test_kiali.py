"""Agreement with Kiali's own tests does not fall below what was recorded (`make parity`)."""

import re
import sys
from functools import cache

import pytest
from support import ROOT, shared

sys.path.insert(0, str(ROOT))

from meshlint.cli.explain import known_rules
from tools.agreement import kiali
from tools.agreement.section import PAGE, Section, deliberate, recorded

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


def _rows(title: str) -> list[str]:
    """The lines of a table of the page, without its head."""
    section = PAGE.read_text(encoding="utf-8").partition(f"### {title}\n")[2].partition("\n###")[0]
    return [line for line in section.splitlines() if line.startswith("| KIA")]


def test_the_page_names_the_rules_of_every_code() -> None:
    rules: dict[str, set[str]] = {}
    for meta in known_rules():
        for code in meta.equivalents:
            if code.startswith("KIA"):
                rules.setdefault(code, set()).add(meta.code)
    shown = {line.split()[1]: set(re.findall(r"\[(ML\d{3})\]", line)) for line in _rows("Codes and rules")}
    assert shown == rules


@needs_cases
def test_every_code_has_a_rule_or_a_reason() -> None:
    folder = shared()
    assert folder is not None
    judged = {code for case in kiali.cases(folder) for code in case.codes_judged}
    explained = {
        code for title in ("Codes and rules", "Codes without a rule") for line in _rows(title) for code in _codes(line)
    }
    assert judged <= explained


def _codes(line: str) -> list[str]:
    return re.findall(r"KIA\d{4}", line.split("|")[1])
