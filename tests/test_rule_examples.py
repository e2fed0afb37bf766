"""The pages of the rules and tests/rules/*.md, run: every example says what it says."""

import pytest
from support import ROOT, all_rules, marks, report

from examples import Example, examples
from meshlint.registry import load
from meshlint.report.model import Reported

PAGES = [
    pytest.param(meta.code, example, id=f"{meta.code}-{example.title}-{number}")
    for meta in all_rules().values()
    for number, example in enumerate(examples(load(meta.module).page))
]
CASES = [
    pytest.param(path.stem, example, id=f"{path.stem}-{example.title}-{number}")
    for path in sorted((ROOT / "tests" / "rules").glob("ML*.md"))
    for number, example in enumerate(examples(path.read_text(encoding="utf-8")))
]


def _names(example: Example) -> tuple[str, ...]:
    return tuple(name or f"file{n}.yaml" for n, name in enumerate(example.names))


def _expected(example: Example) -> set[tuple[str, int, str]]:
    names = _names(example)
    return {(names[n], line, code) for n, text in enumerate(example.texts) for line, code in marks(text)}


def _counting(example: Example, only: tuple[str, ...] = ()) -> list[Reported]:
    """The findings that no suppression of the example silences."""
    found = report(*example.texts, only=only, options=example.options, names=_names(example)).findings
    return [item for item in found if item.suppressed is None]


@pytest.mark.parametrize(("code", "example"), PAGES)
def test_page(code: str, example: Example) -> None:
    """Bad: exactly the marked lines, with help. Good: clean under this rule and all that are on by default."""
    found = _counting(example, only=(code,))
    assert {(item.path, item.region.line, item.rule) for item in found} == _expected(example)
    if example.title.startswith("Bad"):
        assert found, "a bad example needs a marked line"
        assert all(item.help for item in found), "say what to write instead"
    elif example.title.startswith("Good"):
        assert not _counting(example)


@pytest.mark.parametrize(("code", "example"), CASES)
def test_case(code: str, example: Example) -> None:
    """Exactly the marked lines are reported when only the file's rule runs."""
    found = _counting(example, only=(code,))
    assert {(item.path, item.region.line, item.rule) for item in found} == _expected(example)
