"""The engine as a whole: order, crashes, what covers what, what a run imports."""

import gc
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from support import ROOT, all_rules, findings, report

from meshlint.engine import Input, Settings, lint
from meshlint.local import judge
from meshlint.local_rules import LocalRules
from meshlint.mapped import Mapped
from meshlint.registry import from_folder
from meshlint.report.model import Report
from meshlint.ruleset import RuleSet
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.selection import SelectionError, select
from meshlint.sources import Source

SHOP = sorted((ROOT / "examples" / "shop").rglob("*.yaml"))
WEIGHTS = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - route:
    - {destination: {host: reviews, subset: v1}, weight: 90}
    - {destination: {host: reviews, subset: v2}, weight: 20}
"""


def _shop() -> list[Source]:
    return [Source(path.name, path.read_text(encoding="utf-8")) for path in SHOP]


def _lint(sources: list[Source], **selection: tuple[str, ...]) -> Report:
    return lint(Input(sources), Settings(select(all_rules().values(), **selection)))


def _as_text(found: Report) -> list[bytes]:
    return [msgspec.json.encode(item) for item in found.findings]


def test_order_of_files_does_not_matter() -> None:
    expected = _as_text(_lint(_shop()))
    assert expected
    for seed in range(5):
        sources = _shop()
        random.Random(seed).shuffle(sources)
        assert _as_text(_lint(sources)) == expected


def test_a_run_leaves_nothing_behind() -> None:
    """The engine can be called again and again in one process: no rule changes what it is given."""
    assert _as_text(_lint(_shop())) == _as_text(_lint(_shop()))


def test_judging_a_source_makes_no_garbage() -> None:
    """The command line runs without the garbage collector: what a cycle holds would stay to the end."""
    rules, catalog = RuleSet(select(all_rules().values()), {}, {Target: Target()}), Catalog(Target())
    source = Source("a.yaml", WEIGHTS + "---\n" + WEIGHTS)
    local = LocalRules(rules)

    def judged() -> Mapped:
        mapped = judge(source, 0, local, catalog)
        local.run()
        return mapped

    judged()
    gc.collect()
    assert judged().results
    assert gc.collect() == 0


def test_places_slice_to_their_text() -> None:
    texts = {path.name: path.read_text(encoding="utf-8").splitlines() for path in SHOP}
    for item in _lint(_shop()).findings:
        line = texts[item.path][item.region.line - 1]
        text = line[item.region.column - 1 : item.region.end_column - 1]
        assert item.region.line == item.region.end_line
        assert text
        assert text == text.strip()


@pytest.mark.parametrize("more", ["", ", mesh: Mesh"])
def test_a_crashed_rule_is_a_finding_and_the_others_go_on(more: str, tmp_path: Path) -> None:
    page = '"""Crashes.\n\n### Bad\n\n### Good\n"""\n'
    (tmp_path / "crash.py").write_text(
        page
        + "from meshlint.api import Findings, Mesh, Severity, VirtualService, rule\n\n\n"
        + '@rule("ML999", "crash", severity=Severity.ERROR, since="0.1.0")\n'
        + f"def check(virtual_service: VirtualService{more}) -> Findings:\n"
        + "    raise KeyError('oops')\n"
        + "    yield\n",
        encoding="utf-8",
    )
    metas = [*all_rules().values(), *from_folder(str(tmp_path), 77)]
    found = lint(Input([Source("a.yaml", WEIGHTS)]), Settings(select(metas, only=("ML999", "ML202")))).findings
    assert [(item.rule, item.region.line) for item in found] == [("ML003", 3), ("ML202", 7)]
    assert "ML999" in found[0].message
    assert "oops" in found[0].message


def test_a_cause_is_reported_once() -> None:
    """A rule that explains better covers the other; where it does not run, the other one is back."""
    ratios = WEIGHTS.replace("90", "1").replace("20", "1")
    assert [item.rule for item in findings(ratios)] == ["ML203"]
    assert "ML202" in {item.rule for item in findings(WEIGHTS, only=("ML2",))}


def test_a_wrong_setting_hides_nothing_of_the_others() -> None:
    text = """apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    accessLogFle: /dev/stdout
    trustDomain: example_com
    thriftConfig: {}
"""
    found = {(item.rule, item.region.line) for item in findings(text)}
    assert found == {("ML141", 6), ("ML125", 7), ("ML107", 8)}, "and what records call deprecated is said once"


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        (("ML202",), {"ML202"}),
        (("weights-not-100",), {"ML202"}),
        (("ML2",), {"ML202"}),
        (("ML5",), set()),
        (("IST",), set()),
    ],
)
def test_select(selectors: tuple[str, ...], expected: set[str]) -> None:
    assert {item.rule for item in findings(WEIGHTS, only=selectors)} == expected


def test_select_by_the_code_of_another_tool() -> None:
    lone = WEIGHTS.replace("    - {destination: {host: reviews, subset: v2}, weight: 20}\n", "")
    assert {item.rule for item in findings(lone, only=("KIA1104",))} == {"ML205"}


def test_unknown_selector_names_what_was_meant() -> None:
    with pytest.raises(SelectionError) as raised:
        select(all_rules().values(), only=("weigths-not-100",))
    assert raised.value.near == ("weights-not-100",)


def test_fingerprints_do_not_move_with_lines() -> None:
    one = findings(WEIGHTS, only=("ML202",))
    moved = findings("# a comment\n\n" + WEIGHTS.replace("  http:\n", "  http:  # routes\n"), only=("ML202",))
    assert [item.fingerprint for item in one] == [item.fingerprint for item in moved]
    assert one[0].region != moved[0].region


def test_equal_fingerprints_are_numbered() -> None:
    text = WEIGHTS + WEIGHTS.partition("  http:\n")[2]
    prints = [item.fingerprint for item in findings(text, only=("ML202",))]
    assert prints[1] == f"{prints[0]}:2"


def test_a_list_is_flattened_and_fields_keep_their_true_path() -> None:
    item = WEIGHTS.replace("\n", "\n  ").rstrip()
    found = report(f"apiVersion: v1\nkind: List\nitems:\n- {item}\n", only=("ML202",))
    assert found.summary.resources == 1
    assert [(item.field, item.region.line) for item in found.findings] == [("spec.http[0].route", 10)]


def test_one_file_imports_nothing_heavy(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(WEIGHTS.replace("20", "10"), encoding="utf-8")
    script = (
        "import sys; from meshlint.cli.main import run; code = run([sys.argv[1]]);"
        "print(*sorted(sys.modules), sep='\\n'); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "meshlint" in loaded
    assert not loaded & {"jsonschema", "networkx", "sarif_om", "referencing", "rpds", "attr", "pathlib", "ruamel"}
