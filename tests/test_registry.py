"""Every rule is complete: code, name, page, examples."""

import re

import pytest
from support import ROOT, all_rules

from examples import examples
from meshlint.registry import Meta, load

RULES = all_rules()
_FAMILIES = {
    "0": {"input"},
    "1": {"schema", "validity"},
    "2": {"routing"},
    "3": {"resilience"},
    "4": {"security"},
    "5": {"gateways"},
    "6": {"workloads"},
    "7": {"scope"},
    "8": {"extensions"},
    "9": {"ambient"},
}


@pytest.mark.parametrize("meta", RULES.values(), ids=RULES)
def test_rule_is_complete(meta: Meta) -> None:
    rule = load(meta.module)
    assert re.fullmatch(r"ML\d{3}", meta.code)
    assert meta.topic in _FAMILIES[meta.code[2]], "the folder and the number say the same topic"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", meta.name)
    assert not meta.name.startswith(("no-", "check-", "disallow-")), "a name reads as the bad thing"
    assert re.fullmatch(r"\d+\.\d+\.\d+", meta.since)
    assert meta.summary.endswith("."), "the page begins with one sentence"
    assert len(meta.summary) <= 110
    kinds = {example.title.split()[0] for example in examples(rule.page)}
    assert {"Bad", "Good"} <= kinds
    assert all(re.fullmatch(r"(IST\d{4}|KIA\d{4})", code) for code in meta.equivalents)
    assert all(code in RULES for code in meta.covers)


def test_names_are_unique() -> None:
    names = [meta.name for meta in RULES.values()]
    assert len(names) == len(set(names))


def test_file_is_named_after_the_rule() -> None:
    for meta in RULES.values():
        assert meta.module.rpartition(".")[2] == meta.name.replace("-", "_")


def test_there_are_rules() -> None:
    assert len(RULES) >= len([path for path in (ROOT / "rules").rglob("*.py") if path.name[0] != "_"]) > 0


_OPEN_TO_RULES = {"api", "findings", "mesh", "model", "reading", "schemas", "suggest", "values"}


def test_rules_import_the_api_and_what_the_graph_is_made_of() -> None:
    """Engine, reports, command line, suppression and selection are closed to rules (docs/adr/0004)."""
    imported = re.compile(r"^\s*(?:from|import) meshlint\.(\w+)", re.M)
    for path in sorted((ROOT / "rules").rglob("*.py")):
        assert set(imported.findall(path.read_text(encoding="utf-8"))) <= _OPEN_TO_RULES, path


def test_the_api_lists_the_same_names_twice() -> None:
    """For the type checker and for run time; kinds resolve by their table."""
    import ast

    from meshlint import api

    tree = ast.parse((ROOT / "meshlint" / "api.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    names = [alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert names
    for name in names:
        assert getattr(api, name) is not None
    assert set(api._HOME_OF) <= set(names)
